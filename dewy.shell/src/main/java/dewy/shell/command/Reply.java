package dewy.shell.command;

import dewy.view.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a command has to say.
 *
 * @param text for people, lines that end with a line feed
 * @param json the same for scripts: a map, list, string, number or boolean
 * @param lines whether scripts get each element of that list in a line of its own
 * @param exitCode 0 when all is well
 */
record Reply(String text, Object json, boolean lines, int exitCode) {
    /** Control characters but line feeds and colours: what hooks wrote must not steer the terminal. */
    private static final Pattern STEERING = Pattern.compile("\u001b(?!\\[[0-9;]*m)|[\\p{Cc}&&[^\n\u001b]]");

    /** Nothing more is said. */
    static final Reply NOTHING = Reply.of("", List.of());

    Reply {
        text = tame(text);
    }

    Reply(String text, Object json, int exitCode) {
        this(text, json, false, exitCode);
    }

    static Reply of(String text, Object json) {
        return new Reply(text, json, 0);
    }

    static Reply failure(String why, int exitCode) {
        return new Reply(why + "\n", Map.of("error", why), exitCode);
    }

    /** Returns a text without what would steer a terminal. */
    static String tame(String text) {
        return STEERING.matcher(text).replaceAll(" ");
    }

    /** Returns what scripts get. */
    String script() {
        return lines && json instanceof List<?> list
                ? list.stream().map(Json::line).collect(Collectors.joining())
                : Json.write(json);
    }
}
