package dewy.core.install;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.archive.disk.Disk;
import dewy.archive.disk.TreeSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;

/**
 * The link {@code current} in an app's directory. It is replaced by a rename, so that whoever reads it finds the old
 * release or the new one, and never nothing. Readers need no lock; one thread at a time may switch it.
 */
final class CurrentLink {
    private static final String NAME = "current";
    private static final String PENDING = ".current.pending";

    private final Path app;
    private final Path link;
    private final Path pending;

    CurrentLink(Path app) {
        this.app = app;
        this.link = app.resolve(NAME);
        this.pending = app.resolve(PENDING);
    }

    /** Returns the existing directory that the link leads to, with its links resolved. */
    Optional<Path> target() throws DewyException {
        if (!isLink()) {
            return Optional.empty();
        }
        try {
            return Optional.of(link.toRealPath()).filter(Files::isDirectory);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException refused) {
            throw Disk.failure("follow", link, refused);
        }
    }

    /** Points the link to {@code target}, a path relative to the app's directory; durable on return. */
    void switchTo(Path target) throws DewyException {
        isLink();
        forgetPending();
        Disk.attempt("create the link", pending, () -> Files.createSymbolicLink(pending, target));
        Disk.attempt("switch", link, () -> Files.move(pending, link, StandardCopyOption.ATOMIC_MOVE));
        TreeSync.directory(app);
    }

    /** Removes what a switch left that did not come to its end. */
    void forgetPending() throws DewyException {
        Disk.attempt("delete", pending, () -> Files.deleteIfExists(pending));
    }

    /** What is no link was put there by a person, who alone can tell whether it is still needed. */
    private boolean isLink() throws DewyException {
        Optional<PosixFileAttributes> present = Disk.look(link);
        if (present.isPresent() && !present.get().isSymbolicLink()) {
            throw new StorageException(Problem.of(
                    "use",
                    link,
                    "it is not the link to a release, but something that was put there",
                    "Move it away; the agent then makes the link."));
        }
        return present.isPresent();
    }
}
