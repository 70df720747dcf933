package dewy.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an agent notes on the disk about an app, looked at from outside: so a test knows between which steps it is. */
record Notes(Path app) {
    private static final Pattern ENTRY = Pattern.compile("\"step\":\"(\\w+)\",\"phase\":\"(\\w+)\"");
    private static final long PAUSE_NANOS = 200_000;

    /** Waits until so many notes were added, or it takes too long for there to be any more. */
    void await(int changes, Duration patience, String since) {
        long deadline = System.nanoTime() + patience.toNanos();
        String known = since;
        int seen = 0;
        while (seen < changes && System.nanoTime() < deadline) {
            String now = state();
            if (!now.equals(known)) {
                known = now;
                seen++;
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Returns what is another one whenever something was noted. */
    String state() {
        return length(app.resolve(".dewy/journal")) + " " + identity(app.resolve(".dewy/running"));
    }

    /** Returns the step and the phase that was noted last. */
    String last() throws IOException {
        List<String> lines = Files.exists(app.resolve(".dewy/journal"))
                ? Files.readAllLines(app.resolve(".dewy/journal"))
                : List.of();
        Matcher entry = ENTRY.matcher(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        return entry.find() ? entry.group(1) + " " + entry.group(2) : "nothing";
    }

    private static long length(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static String identity(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
