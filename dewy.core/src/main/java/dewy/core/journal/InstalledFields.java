package dewy.core.journal;

import dewy.api.InvalidException;
import dewy.api.release.Digest;
import dewy.core.journal.Installed.Place;
import java.nio.file.FileSystem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How the journal writes down what is installed. */
final class InstalledFields {
    static final String IMAGE = "image";
    static final String SIGNER = "signer";

    private InstalledFields() {}

    static Map<String, String> of(Installed release) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("tag", release.tag());
        fields.put("artifact", release.artifact());
        fields.putAll(release.told().fields());
        fields.put("digest", release.digest().toString());
        release.folder().ifPresent(folder -> fields.put("folder", folder.toString()));
        release.image().ifPresent(image -> fields.put(IMAGE, image));
        release.signer().ifPresent(key -> fields.put(SIGNER, key));
        return fields;
    }

    /** Returns what is installed on {@code disk}; empty when something about it is missing. */
    static Optional<Installed> parse(Map<String, String> fields, FileSystem disk) {
        Optional<Digest> digest = digest(fields, "digest");
        Optional<Place> place = place(fields, disk);
        String tag = fields.get("tag");
        String artifact = fields.get("artifact");
        if (tag == null || artifact == null || place.isEmpty() || digest.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Installed(
                tag,
                artifact,
                Publication.parse(fields),
                digest.get(),
                place.get(),
                Optional.ofNullable(fields.get(SIGNER))));
    }

    private static Optional<Place> place(Map<String, String> fields, FileSystem disk) {
        Optional<Place> image = Optional.ofNullable(fields.get(IMAGE)).map(Place.Image::new);
        return image.or(() ->
                Optional.ofNullable(fields.get("folder")).map(disk::getPath).map(Place.Folder::new));
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
