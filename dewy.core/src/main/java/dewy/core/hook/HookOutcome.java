package dewy.core.hook;

import java.util.List;
import java.util.OptionalInt;

/**
 * How a hook ended.
 *
 * @param ending how, for people: {@code command failed with exit code 3}
 * @param exitCode its exit code; that of a shell where a signal ended it; empty where it had to be ended
 * @param stdout the end of what it wrote to its standard output
 * @param stderr the end of what it wrote to its standard error
 */
public record HookOutcome(String ending, OptionalInt exitCode, String stdout, String stderr) {
    /** Returns the same with the reasons for it, if there are any. */
    HookOutcome because(List<String> reasons) {
        String why = reasons.isEmpty() ? ending : ending + ": " + String.join("; ", reasons);
        return new HookOutcome(why, exitCode, stdout, stderr);
    }

    public boolean isWell() {
        return exitCode.equals(OptionalInt.of(0));
    }
}
