package dewy.launcher.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file with the lines typed at the prompts of an agent: in its home, and only its owner may read it.
 *
 * @param file where it is
 */
public record History(Path file) {
    /** How many lines it holds at the most. */
    static final int LINES = 500;

    /** Returns the history of an agent home. */
    public static History of(Path home) {
        return new History(home.resolve("history"));
    }

    /** Creates the file where there is none, so that nobody else ever could read it; returns whether it can be used. */
    boolean prepare() {
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
            }
            Files.setPosixFilePermissions(file, ownerOnly);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return false;
        }
    }
}
