package dewy.shell.command;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a command has to say.
 *
 * @param text for people, lines that end with a line feed
 * @param json the same for scripts: a map, list, string, number or boolean
 * @param exitCode 0 when all is well
 */
record Reply(String text, Object json, int exitCode) {
    /** Control characters but line feeds and colours: what hooks wrote must not steer the terminal. */
    private static final Pattern STEERING = Pattern.compile("\u001b(?!\\[[0-9;]*m)|[\\p{Cc}&&[^\n\u001b]]");

    Reply {
        text = STEERING.matcher(text).replaceAll(" ");
    }

    static Reply of(String text, Object json) {
        return new Reply(text, json, 0);
    }

    static Reply failure(String why, int exitCode) {
        return new Reply(why + "\n", Map.of("error", why), exitCode);
    }
}
