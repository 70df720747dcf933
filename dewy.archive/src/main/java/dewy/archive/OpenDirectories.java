package dewy.archive;

import dewy.api.DewyException;
import dewy.archive.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directories from the folder down to where is being written. Each was found to be a real directory of the folder
 * when it was entered, so nothing is written through a link. Mode and time of a directory are set when it is left, since
 * writing needs the one and changes the other; so no more than the current chain is kept in memory. For one thread.
 */
final class OpenDirectories {
    private record Open(String name, Path path, Optional<Attributes> attributes) {}

    private final Path root;
    private final Meter meter;
    private final List<Open> open = new ArrayList<>();

    OpenDirectories(Path root, Meter meter) {
        this.root = root;
        this.meter = meter;
    }

    /** Returns the directory of this path, made with those above it where they are missing, ready to be written to. */
    Path enter(EntryPath path) throws IOException, DewyException {
        List<String> names = path.names();
        int common = 0;
        while (common < Math.min(open.size(), names.size())
                && open.get(common).name().equals(names.get(common))) {
            common++;
        }
        leaveTo(common);
        for (String name : names.subList(common, names.size())) {
            Open next = step(name, path);
            if (next.attributes().isEmpty()) {
                meter.entry();
            }
            open.add(next);
        }
        return innermost();
    }

    /** Enters a directory that the archive lists, and says what it is to have once it is left. */
    void enter(EntryPath path, Attributes attributes) throws IOException, DewyException {
        if (path.isRoot()) {
            return;
        }
        enter(path.parent());
        Open listed = step(path.name(), path);
        open.add(new Open(listed.name(), listed.path(), Optional.of(attributes)));
    }

    void leaveAll() throws DewyException {
        leaveTo(0);
    }

    private void leaveTo(int depth) throws DewyException {
        while (open.size() > depth) {
            Open left = open.remove(open.size() - 1);
            if (left.attributes().isPresent()) {
                left.attributes().get().applyTo(left.path());
            }
        }
    }

    private Path innermost() {
        return open.isEmpty() ? root : open.get(open.size() - 1).path();
    }

    private Open step(String name, EntryPath whole) throws IOException, DewyException {
        Path path = EntryPath.in(innermost(), name);
        Optional<PosixFileAttributes> present = Disk.look(path);
        if (present.isEmpty()) {
            Disk.attempt("create the directory", path, () -> Files.createDirectory(path));
            return new Open(name, path, Optional.empty());
        }
        if (!present.get().isDirectory()) {
            String through = "leads through " + RefusedException.quoted(name) + ", which is no directory";
            throw RefusedException.entry(whole.toString(), through);
        }
        Disk.openUp(path, present.get().permissions());
        return new Open(name, path, Optional.of(Attributes.of(present.get())));
    }
}
