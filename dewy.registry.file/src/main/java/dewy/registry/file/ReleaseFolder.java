package dewy.registry.file;

import dewy.api.registry.FileRole;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a version folder held at one look.
 *
 * @param tag its name
 * @param created the time of its oldest object; that of the folder itself when it holds none
 * @param files its artifacts and checksum files, ordered by name
 */
record ReleaseFolder(String tag, Instant created, List<Entry> files) {
    /**
     * A file in the folder.
     *
     * @param size its length; empty for a link that leads nowhere
     */
    record Entry(String name, FileRole role, OptionalLong size, Instant modified) {}

    /** Looks at a version folder. */
    static ReleaseFolder read(Path folder) throws IOException {
        List<Entry> files = new ArrayList<>();
        for (Path child : Listing.of(folder)) {
            entry(child).ifPresent(files::add);
        }
        files.sort(Comparator.comparing(Entry::name));
        Optional<Instant> oldest = files.stream().map(Entry::modified).min(Comparator.naturalOrder());
        Instant created = oldest.isPresent()
                ? oldest.get()
                : Files.getLastModifiedTime(folder).toInstant();
        return new ReleaseFolder(folder.getFileName().toString(), created, List.copyOf(files));
    }

    Release release() {
        List<Artifact> artifacts = files.stream()
                .filter(file -> file.role() == FileRole.ARTIFACT)
                .map(file -> {
                    Artifact artifact = Artifact.archive(file.name(), tag + "/" + file.name());
                    return file.size().isPresent()
                            ? artifact.withSize(file.size().getAsLong())
                            : artifact;
                })
                .toList();
        return new Release(tag, Optional.of(created), artifacts);
    }

    private static Optional<Entry> entry(Path file) throws IOException {
        String name = file.getFileName().toString();
        FileRole role = FileRole.of(name);
        if (role == FileRole.OTHER) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(entry(name, role, OptionalLong.of(attributes.size()), attributes))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return broken(file, name, role);
        }
    }

    /** A link that leads nowhere is listed, so that opening it tells what is wrong; what is gone is not. */
    private static Optional<Entry> broken(Path file, String name, FileRole role) throws IOException {
        try {
            BasicFileAttributes link = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(entry(name, role, OptionalLong.empty(), link));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Entry entry(String name, FileRole role, OptionalLong size, BasicFileAttributes attributes) {
        return new Entry(name, role, size, attributes.lastModifiedTime().toInstant());
    }
}
