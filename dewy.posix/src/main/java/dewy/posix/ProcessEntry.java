package dewy.posix;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as {@code /proc} lists it.
 *
 * @param pid its number
 * @param parent the number of its parent
 * @param group the number of its process group
 * @param start when it was started, in the ticks of the system since it was booted
 */
record ProcessEntry(int pid, int parent, int group, long start) {
    /** Which of the values behind the name of the program they are, beginning with 0. */
    private static final int PARENT = 1;

    private static final int GROUP = 2;
    private static final int START = 19;

    /** Returns all processes there are. */
    static List<ProcessEntry> all() {
        String[] names = new File("/proc").list();
        return Stream.of(names == null ? new String[0] : names)
                .filter(name -> name.matches("\\d{1,9}"))
                .flatMap(name -> of(Integer.parseInt(name)).stream())
                .toList();
    }

    /** Returns whether its number is still its own. */
    boolean isCurrent() {
        return of(pid).filter(now -> now.start == start).isPresent();
    }

    /** Returns the process that has a number, reaped or not; its program's name stands in parentheses and may contain some. */
    static Optional<ProcessEntry> of(int pid) {
        try {
            Path stat = Path.of("/proc", Integer.toString(pid), "stat");
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] values = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(new ProcessEntry(
                    pid,
                    Integer.parseInt(values[PARENT]),
                    Integer.parseInt(values[GROUP]),
                    Long.parseLong(values[START])));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
