package dewy.shell.command;

import java.util.Map;

/**
 * What a command has to say.
 *
 * @param text for people, lines that end with a line feed
 * @param json the same for scripts: a map, list, string, number or boolean
 * @param exitCode 0 when all is well
 */
record Reply(String text, Object json, int exitCode) {
    static Reply of(String text, Object json) {
        return new Reply(text, json, 0);
    }

    static Reply failure(String why, int exitCode) {
        return new Reply(why + "\n", Map.of("error", why), exitCode);
    }
}
