package dewy.registry.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.registry.Cursor;
import dewy.api.registry.FileRole;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a registry folder held at one look.
 *
 * @param root the folder
 * @param folders its version folders, ordered by name
 * @param loose an archive that is in no version folder, the first by name
 */
record Snapshot(Path root, List<ReleaseFolder> folders, Optional<String> loose) {
    /** The meaning of a cursor; to be changed together with {@link #cursor}, so that an older cursor counts as none. */
    private static final String FORMAT = "1:";

    /**
     * Looks at a registry folder. When it, or a version, vanishes meanwhile it looks again: had the whole folder been moved
     * away, those that were looked at first would seem to be all there is.
     *
     * @throws StorageException if it, or a version folder in it, cannot be read: which version is the newest cannot be
     *     told then
     */
    static Snapshot take(Call call, Path root) throws DewyException {
        List<ReleaseFolder> folders = new ArrayList<>();
        Optional<String> loose = Optional.empty();
        boolean torn = false;
        for (Path child : children(root)) {
            call.check();
            String name = child.getFileName().toString();
            Optional<ReleaseFolder> folder = isRelease(name) ? look(child) : Optional.empty();
            folder.ifPresent(folders::add);
            torn |= folder.isEmpty() && isRelease(name) && Files.notExists(child, LinkOption.NOFOLLOW_LINKS);
            boolean isFirst = loose.isEmpty() || name.compareTo(loose.get()) < 0;
            if (folder.isEmpty() && isFirst && FileRole.isArchive(name)) {
                loose = Optional.of(name);
            }
        }
        if (torn || Files.notExists(root)) {
            return take(call, root);
        }
        folders.sort(Comparator.comparing(ReleaseFolder::tag));
        return new Snapshot(root, List.copyOf(folders), loose);
    }

    List<Release> releases() {
        return folders.stream().map(ReleaseFolder::release).toList();
    }

    /** Returns what is to be said of archives that no release has. */
    Optional<String> remark() {
        return loose.map(archive -> "archives such as " + archive + " are in " + root
                + " itself, where each version needs a folder of its own named after it, such as "
                + root.resolve("v1.0.0").resolve(archive));
    }

    /** Returns whether a folder of this name stands for a release; which of them are versions is for core to judge. */
    static boolean isRelease(String folder) {
        return !folder.startsWith(".") && !folder.equals("lost+found");
    }

    /** Returns a fingerprint of names, sizes and times: it stays the same as long as nothing that counts was changed. */
    Cursor cursor() {
        MessageDigest fingerprint = Digest.calculation("sha256");
        add(fingerprint, root.toString());
        for (ReleaseFolder folder : folders) {
            add(fingerprint, folder.tag());
            add(fingerprint, folder.created());
            for (ReleaseFolder.Entry file : folder.files()) {
                add(fingerprint, file.name());
                add(fingerprint, file.size().orElse(-1));
                add(fingerprint, file.modified());
            }
        }
        loose.ifPresent(archive -> add(fingerprint, archive));
        return new Cursor(FORMAT + Digest.of(fingerprint).hex());
    }

    /** Adds a text and its end, which no name can hold. */
    private static void add(MessageDigest fingerprint, String text) {
        fingerprint.update(text.getBytes(StandardCharsets.UTF_8));
        fingerprint.update((byte) 0);
    }

    private static void add(MessageDigest fingerprint, Instant time) {
        add(fingerprint, time.getEpochSecond());
        add(fingerprint, time.getNano());
    }

    private static void add(MessageDigest fingerprint, long number) {
        fingerprint.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    }

    private static Optional<ReleaseFolder> look(Path child) throws StorageException {
        try {
            return Optional.of(ReleaseFolder.read(child));
        } catch (NotDirectoryException e) {
            return Optional.empty();
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(child)) {
                String advice = "Remove the link, or give it a target";
                throw new StorageException(
                        Problem.of("read the release folder", child, "it is a link that leads nowhere", advice), e);
            }
            return Optional.empty();
        } catch (IOException e) {
            String advice = "Let the user that Dewy runs as read it, or remove it";
            throw new StorageException(
                    Problem.of("read the release folder", child, StorageException.reason(e), advice), e);
        }
    }

    private static List<Path> children(Path root) throws StorageException {
        try {
            return Listing.of(root);
        } catch (IOException e) {
            String advice = e instanceof NoSuchFileException
                    ? "Create it, or correct the path in the registry's URL"
                    : "The registry's URL must name a folder that the user Dewy runs as may read";
            throw new StorageException(Problem.of("read the registry", root, StorageException.reason(e), advice), e);
        }
    }
}
