package dewy.launcher.cli;

import java.util.ArrayList;
import java.util.List;

/** Lets options stand before the command, as in {@code dewy --registry URL assets}. */
final class CommandFirst {
    private CommandFirst() {}

    /** Returns the line with its command first, if there is one; else the line as it is. */
    static String[] of(List<String> commands, String... line) {
        int at = wordBehindOptions(0, line);
        if (at == 0 || at >= line.length || !commands.contains(line[at])) {
            return line;
        }
        List<String> moved = new ArrayList<>(List.of(line));
        moved.add(0, moved.remove(at));
        return moved.toArray(String[]::new);
    }

    /** Returns where the first word is that is no option, nor the value of one, from a place on; the end if there is none. */
    static int wordBehindOptions(int from, String... line) {
        int at = from;
        while (at < line.length && isOption(line[at])) {
            at += hasValueBehind(line[at]) ? 2 : 1;
        }
        return Math.min(at, line.length);
    }

    private static boolean isOption(String argument) {
        return argument.startsWith("-") && !"--".equals(argument);
    }

    private static boolean hasValueBehind(String argument) {
        return CommandOption.named(argument)
                .filter(option -> !option.label().isEmpty())
                .isPresent();
    }
}
