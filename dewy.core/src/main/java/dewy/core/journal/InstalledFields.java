package dewy.core.journal;

import dewy.api.InvalidException;
import dewy.api.release.Digest;
import dewy.core.journal.AppMemory.Installed;
import java.nio.file.FileSystem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How the journal writes a release folder down. */
final class InstalledFields {
    private InstalledFields() {}

    static Map<String, String> of(Installed release) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("tag", release.tag());
        fields.put("artifact", release.artifact());
        release.declared().ifPresent(declared -> fields.put("declared", declared.toString()));
        fields.put("digest", release.digest().toString());
        fields.put("folder", release.folder().toString());
        return fields;
    }

    /** Returns the release folder on {@code disk}; empty when something about it is missing. */
    static Optional<Installed> parse(Map<String, String> fields, FileSystem disk) {
        Optional<Digest> digest = digest(fields, "digest");
        String tag = fields.get("tag");
        String artifact = fields.get("artifact");
        String folder = fields.get("folder");
        if (tag == null || artifact == null || folder == null || digest.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Installed(tag, artifact, digest(fields, "declared"), digest.get(), disk.getPath(folder)));
    }

    static Optional<Digest> digest(Map<String, String> fields, String name) {
        String text = fields.get(name);
        try {
            return text == null ? Optional.empty() : Optional.of(Digest.parse(text));
        } catch (InvalidException e) {
            return Optional.empty();
        }
    }
}
