package dewy.posix;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells a process from every other one, also from those that get the same number later.
 *
 * @param pid its number
 * @param start when it was started, in the ticks of the system since it was booted; 0 where it does not tell
 * @param boot what was booted
 */
record ProcessReference(int pid, long start, String boot) {
    private static final Pattern TEXT = Pattern.compile("process ([1-9]\\d{0,9}) ([1-9]\\d{0,18}) ([0-9a-f-]{36})");
    /** Returns the reference to a process that runs, or was not reaped yet. */
    static ProcessReference of(int pid) {
        return new ProcessReference(pid, start(pid).orElse(0L), Host.bootId());
    }

    /** Returns what {@link #toString} gave, or nothing if a text is something else. */
    static Optional<ProcessReference> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        try {
            return matcher.matches()
                    ? Optional.of(new ProcessReference(
                            Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns the process group of a process. */
    static Optional<Integer> group(int pid) {
        return ProcessEntry.of(pid).map(ProcessEntry::group);
    }

    /** Returns whether some process has a number, reaped or not. */
    static boolean exists(int pid) {
        return start(pid).isPresent();
    }

    /** Returns whether its number is still its own: it has not ended, or nobody has reaped it. */
    boolean isCurrent() {
        return start > 0 && equals(of(pid));
    }

    @Override
    public String toString() {
        return "process " + pid + " " + start + " " + boot;
    }

    private static Optional<Long> start(int pid) {
        return ProcessEntry.of(pid).map(ProcessEntry::start);
    }
}
