package dewy.archive;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.archive.ArchiveExtractor.Unpacked;
import dewy.archive.disk.Disk;
import dewy.archive.disk.SystemProgram;
import dewy.archive.disk.WriteBack;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.Optional;

/**
 * Writes the entries of one archive into a folder, and nowhere else. A second file of the same name takes
 * the place of the first, as with tar; nothing takes the place of a directory or a link. Owners are not restored, nor
 * are mode and time of that folder itself. For one thread.
 *
 * <p>An {@link IOException} is the archive's fault, a {@link DewyException} the file system's or the caller's.
 */
final class EntryWriter implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final SystemProgram LN = SystemProgram.named("ln", Duration.ofMinutes(1));

    private final Call call;
    private final Path root;
    private final Meter meter;
    private final OpenDirectories directories;
    private final WriteBack writeBack = new WriteBack();
    private final byte[] buffer = new byte[BUFFER];
    private int files;
    private long bytes;
    private boolean wrote;
    private boolean linked;

    EntryWriter(Call call, Path root, Meter meter) {
        this.call = call;
        this.root = root;
        this.meter = meter;
        this.directories = new OpenDirectories(root, meter);
    }

    /** Writes one entry; the content of a file is read from {@code archive}, whose current entry it is. */
    void write(Entry entry, EntryReader archive) throws IOException, DewyException {
        EntryPath path = EntryPath.parse(entry.name());
        if (entry.kind() == Entry.Kind.DIRECTORY) {
            directory(path, entry);
        } else if (path.isRoot()) {
            throw RefusedException.entry(entry.name(), "is " + entry.kind() + " in the place of the release itself");
        } else {
            inDirectory(path, entry, archive);
        }
    }

    /** Sets what can be set only at the end, and checks what only then can be told. */
    Unpacked finish() throws IOException, DewyException {
        if (!wrote) {
            throw new RefusedException("it has nothing in it", "Look at how the artifact was built.");
        }
        directories.leaveAll();
        if (linked) {
            new LinkCheck(root).check(call);
        }
        writeBack.finish(call);
        return new Unpacked(files, bytes);
    }

    @Override
    public void close() {
        writeBack.close();
    }

    private void directory(EntryPath path, Entry entry) throws IOException, DewyException {
        directories.enter(path, Attributes.of(entry));
        wrote |= !path.isRoot();
    }

    private void inDirectory(EntryPath path, Entry entry, EntryReader archive) throws IOException, DewyException {
        Path place = EntryPath.in(directories.enter(path.parent()), path.name());
        if (entry.kind() != Entry.Kind.FILE) {
            makeWay(place, entry);
        }
        switch (entry.kind()) {
            case FILE -> file(place, entry, archive);
            case SYMBOLIC_LINK -> symbolicLink(place, entry);
            case HARD_LINK -> hardLink(place, entry);
            case DIRECTORY -> throw new IllegalArgumentException("a directory is no file in one");
        }
        wrote = true;
    }

    private static void makeWay(Path place, Entry entry) throws IOException, DewyException {
        Optional<PosixFileAttributes> present = Disk.look(place);
        if (present.isEmpty()) {
            return;
        }
        if (entry.kind() != Entry.Kind.FILE || !present.get().isRegularFile()) {
            throw RefusedException.entry(entry.name(), "is " + entry.kind() + " in the place of another entry");
        }
        Disk.attempt("replace", place, () -> Files.deleteIfExists(place));
    }

    private void file(Path place, Entry entry, EntryReader archive) throws IOException, DewyException {
        Attributes attributes = Attributes.of(entry);
        try (NewFile file = create(place, entry)) {
            for (int read = archive.read(buffer); read >= 0; read = archive.read(buffer)) {
                meter.writing(read);
                file.write(ByteBuffer.wrap(buffer, 0, read));
                writeBack.wrote(place, read);
                bytes += read;
            }
        }
        attributes.applyTo(place);
        writeBack.completed(place);
        files++;
    }

    private static NewFile create(Path place, Entry entry) throws IOException, DewyException {
        Optional<NewFile> first = NewFile.createIfAbsent(place);
        if (first.isPresent()) {
            return first.get();
        }
        makeWay(place, entry);
        return NewFile.create(place);
    }

    /** Where it leads is checked at the end, when everything is there that it may lead through. */
    private void symbolicLink(Path place, Entry entry) throws IOException, DewyException {
        String target = entry.target();
        if (target.isEmpty()) {
            throw RefusedException.entry(entry.name(), "is a link to nothing");
        }
        EntryPath.requirePlain(target);
        create(place, target);
        linked = true;
    }

    /** Creates a link to exactly that. Java drops slashes that it finds needless, so {@code ln} makes such links. */
    private void create(Path place, String target) throws RefusedException, DewyException {
        Path path = EntryPath.in(Path.of(""), target);
        try {
            if (path.toString().equals(target)) {
                Files.createSymbolicLink(place, path);
            } else {
                LN.run(call, "-s", "--", target, place.toString());
            }
        } catch (IOException refused) {
            throw Disk.failure("create the link", place, refused);
        }
    }

    private void hardLink(Path place, Entry entry) throws IOException, DewyException {
        EntryPath target = EntryPath.parse(entry.target());
        Path existing = root;
        for (String name : target.names()) {
            boolean reachable =
                    Disk.look(existing).filter(PosixFileAttributes::isDirectory).isPresent();
            if (!reachable) {
                throw noFile(entry);
            }
            existing = EntryPath.in(existing, name);
        }
        if (Disk.look(existing).filter(PosixFileAttributes::isRegularFile).isEmpty()) {
            throw noFile(entry);
        }
        Path file = existing;
        Disk.attempt("create the link", place, () -> Files.createLink(place, file));
    }

    private static RefusedException noFile(Entry entry) {
        String to = RefusedException.quoted(entry.target());
        return RefusedException.entry(
                entry.name(), "is a hard link to " + to + ", which is no file unpacked before it");
    }
}
