package dewy.core.hook;

/**
 * How a hook ended.
 *
 * @param ending how, for people: {@code exited with code 3}
 * @param exitCode its exit code; that of a shell where a signal ended it
 * @param stdout the end of what it wrote to its standard output
 * @param stderr the end of what it wrote to its standard error
 */
public record HookResult(String ending, int exitCode, String stdout, String stderr) {
    public boolean isWell() {
        return exitCode == 0;
    }
}
