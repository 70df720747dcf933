package dewy.proxy.plane;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What the plane tells of itself: on its standard output, which is a file that it keeps short. */
final class PlaneLog {
    private static final long LONGEST = 1 << 20;

    private PlaneLog() {}

    static void tell(String what) {
        System.out.println("time=" + Instant.now().truncatedTo(ChronoUnit.MILLIS) + " pid="
                + ProcessHandle.current().pid() + " msg=\"The data plane " + what + "\"");
    }

    static void tell(String what, Throwable why) {
        tell(what + ": " + why);
    }

    /** Keeps the newer half of the file when it has become too long. It is appended to, so that nothing is torn. */
    static void shorten(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
                    byte[] end = new byte[(int) LONGEST / 2];
                    log.seek(log.length() - end.length);
                    log.readFully(end);
                    log.setLength(0);
                    log.seek(0);
                    log.write(end);
                }
            }
        } catch (IOException e) {
            tell("cannot shorten its log", e);
        }
    }
}
