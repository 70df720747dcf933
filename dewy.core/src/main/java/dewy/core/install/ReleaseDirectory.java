package dewy.core.install;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.archive.ArchiveExtractor;
import dewy.archive.ExtractionLimits;
import dewy.archive.disk.Disk;
import dewy.archive.disk.TreeDeletion;
import dewy.archive.disk.TreeSync;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The releases in the directory of an app:
 *
 * <pre>
 * releases/20240115T103045Z/   one folder a release, named after the second it was made
 * current -> releases/…        the release in force
 * </pre>
 *
 * <p>A folder with such a name is complete and on the disk: it is filled and emptied under a hidden name. A name is newer
 * than all before it and never used again. What else lies in {@code releases} belongs to somebody else and stays.
 *
 * <p>One deploy cycle at a time uses an instance; {@link #current()} may be asked by any thread.
 */
public final class ReleaseDirectory {
    /** So many releases are kept unless somebody says otherwise. */
    public static final int KEPT = 7;

    private static final String RELEASES = "releases";
    private static final Pattern LEFTOVER = Pattern.compile("\\.(?<name>[^.]+)\\.(incoming|outgoing)");

    private final Path app;
    private final Path releases;
    private final CurrentLink current;
    private final ArchiveExtractor extractor;
    private final InstantSource clock;

    /** @param app the directory of the app, or a link to it; made on demand */
    public ReleaseDirectory(Path app, ArchiveExtractor extractor, InstantSource clock) {
        this.app = app;
        this.releases = app.resolve(RELEASES);
        this.current = new CurrentLink(app);
        this.extractor = extractor;
        this.clock = clock;
    }

    /**
     * Unpacks an archive into a new release folder, which is complete and on the disk when this returns. The release in
     * force stays the same. When this fails, nothing is left.
     *
     * @param artifactName the name under which the archive was published
     * @return the folder
     * @throws dewy.api.CorruptException if the archive is damaged, hostile, too large or none
     * @throws StorageException if this host cannot read it, hold it or decode it
     */
    public Path install(Call call, Path archive, String artifactName, ExtractionLimits limits) throws DewyException {
        createReleases();
        String name = nextName().toString();
        Path incoming = releases.resolve(hidden(name, "incoming"));
        Path folder = releases.resolve(name);
        Disk.attempt("create the folder", incoming, () -> Files.createDirectory(incoming));
        try {
            ArchiveExtractor.Unpacked unpacked = extractor.extract(call, archive, artifactName, incoming, limits);
            TreeSync.SYSTEM.sync(call, incoming, unpacked.files(), unpacked.bytes());
            Disk.attempt("name", folder, () -> Files.move(incoming, folder, StandardCopyOption.ATOMIC_MOVE));
        } catch (DewyException | RuntimeException | Error failed) {
            discard(incoming, failed);
            throw failed;
        }
        TreeSync.directory(releases);
        return folder;
    }

    /**
     * Puts a release into force.
     *
     * @param folder as {@link #install} or {@link #list} returned it
     * @throws StorageException if it is no release of this app, or {@code current} was replaced by something that is no
     *     link
     */
    public void activate(Path folder) throws DewyException {
        Path name = folder.getFileName();
        boolean ours = name != null && releases.equals(folder.getParent()) && isRelease(folder);
        if (!ours) {
            throw new StorageException(
                    Problem.of("activate", folder, "it is not a release in " + releases, "Deploy the release again."));
        }
        current.switchTo(Path.of(RELEASES, name.toString()));
    }

    /**
     * Returns the folder of the release in force; empty if there is none, its folder is gone, or the link leads somewhere
     * else.
     *
     * @throws StorageException if {@code current} is not a link
     */
    public Optional<Path> current() throws DewyException {
        Optional<Path> target = current.target();
        if (target.isEmpty() || !Files.isDirectory(releases)) {
            return Optional.empty();
        }
        Path real = Disk.attempt("follow", releases, releases::toRealPath);
        return target.filter(folder -> real.equals(folder.getParent()))
                .map(folder -> releases.resolve(folder.getFileName()))
                .filter(ReleaseDirectory::isNamed);
    }

    /** Returns the folders of all releases, the newest first. */
    public List<Path> list() throws DewyException {
        List<Path> folders = new ArrayList<>();
        for (Path child : children()) {
            if (isRelease(child)) {
                folders.add(child);
            }
        }
        folders.sort(Comparator.comparing(Path::getFileName).reversed());
        return List.copyOf(folders);
    }

    /**
     * Deletes all but the newest releases.
     *
     * @param keep how many of the newest stay
     * @param inUse folders that stay however old they are; the one in force does without being named
     * @return the folders that are gone
     */
    public List<Path> prune(int keep, Collection<Path> inUse) throws DewyException {
        return prune(keep, inUse, List.of(), 0);
    }

    /**
     * Deletes all but the newest releases, and of those that failed all but the newest.
     *
     * @param keep how many of the newest that did not fail stay
     * @param inUse folders that stay however old they are; the one in force does without being named
     * @param failed those that failed, the newest first; they take nobody's place
     * @param keepFailed how many of those stay
     * @return the folders that are gone
     */
    public List<Path> prune(int keep, Collection<Path> inUse, List<Path> failed, int keepFailed) throws DewyException {
        Set<Path> staying = names(inUse);
        current().map(Path::getFileName).ifPresent(staying::add);
        Set<Path> evidence = names(failed);
        staying.addAll(names(failed.subList(0, Math.min(keepFailed, failed.size()))));
        List<Path> all = list();
        Stream<Path> old = all.stream()
                .filter(folder -> !evidence.contains(folder.getFileName()))
                .skip(keep);
        Stream<Path> bad = all.stream().filter(folder -> evidence.contains(folder.getFileName()));
        return delete(Stream.concat(old, bad)
                .filter(folder -> !staying.contains(folder.getFileName()))
                .toList());
    }

    private static Set<Path> names(Collection<Path> folders) {
        return folders.stream().map(Path::getFileName).collect(Collectors.toSet());
    }

    private List<Path> delete(List<Path> old) throws DewyException {
        List<Path> outgoing = new ArrayList<>();
        for (Path folder : old) {
            outgoing.add(retire(folder));
        }
        if (!old.isEmpty()) {
            // Otherwise a power cut could bring back a name whose files are gone.
            TreeSync.directory(releases);
        }
        for (Path folder : outgoing) {
            TreeDeletion.delete(folder);
        }
        return old;
    }

    /** Removes what a crash left in the middle: folders half filled or half emptied, a link half switched. */
    public void recover() throws DewyException {
        current.forgetPending();
        for (Path child : children()) {
            String name = child.getFileName().toString();
            if (LEFTOVER.matcher(name).matches() && claimed(name).isPresent()) {
                TreeDeletion.delete(child);
            }
        }
    }

    /** A clock that was set back does not make a new release older than those before it. */
    private ReleaseName nextName() throws DewyException {
        ReleaseName now = ReleaseName.of(clock.instant());
        Optional<ReleaseName> newest = children().stream()
                .flatMap(child -> claimed(child.getFileName().toString()).stream())
                .max(Comparator.naturalOrder());
        return newest.filter(taken -> taken.compareTo(now) >= 0)
                .map(ReleaseName::next)
                .orElse(now);
    }

    private static Optional<ReleaseName> claimed(String child) {
        Matcher leftover = LEFTOVER.matcher(child);
        return ReleaseName.parse(leftover.matches() ? leftover.group("name") : child);
    }

    private Path retire(Path folder) throws DewyException {
        Path outgoing = releases.resolve(hidden(folder.getFileName().toString(), "outgoing"));
        return Disk.attempt("delete", folder, () -> Files.move(folder, outgoing, StandardCopyOption.ATOMIC_MOVE));
    }

    private static String hidden(String name, String state) {
        return "." + name + "." + state;
    }

    private static boolean isNamed(Path folder) {
        return ReleaseName.parse(folder.getFileName().toString()).isPresent();
    }

    private static boolean isRelease(Path folder) throws DewyException {
        return isNamed(folder)
                && Disk.look(folder).filter(PosixFileAttributes::isDirectory).isPresent();
    }

    private List<Path> children() throws DewyException {
        List<Path> children = new ArrayList<>();
        if (!Files.isDirectory(releases)) {
            return children;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(releases)) {
            stream.forEach(children::add);
            return children;
        } catch (DirectoryIteratorException unreadable) {
            throw Disk.failure("list", releases, unreadable);
        } catch (IOException unreadable) {
            throw Disk.failure("list", releases, unreadable);
        }
    }

    /** The app's directory may be a link, which {@link Files#createDirectories} does not take for a directory. */
    private void createReleases() throws DewyException {
        if (Files.isDirectory(releases)) {
            return;
        }
        if (!Files.isDirectory(app)) {
            Disk.attempt("create the directory", app, () -> Files.createDirectories(app));
        }
        Disk.attempt("create the directory", releases, () -> Files.createDirectory(releases));
        TreeSync.directory(app);
    }

    private static void discard(Path incoming, Throwable failed) {
        try {
            TreeDeletion.delete(incoming);
        } catch (DewyException left) {
            // The next start removes it; the reader needs to know what failed first.
            failed.addSuppressed(left);
        }
    }
}
