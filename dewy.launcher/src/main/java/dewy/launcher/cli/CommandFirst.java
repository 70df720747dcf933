package dewy.launcher.cli;

import java.util.ArrayList;
import java.util.List;

/** Lets options stand before the command, as in {@code dewy --registry URL assets}. */
final class CommandFirst {
    private CommandFirst() {}

    /** Returns the line with its command first, if there is one; else the line as it is. */
    static String[] of(List<String> commands, String... line) {
        int at = 0;
        while (at < line.length && isOption(line[at])) {
            at += hasValueBehind(line[at]) ? 2 : 1;
        }
        if (at == 0 || at >= line.length || !commands.contains(line[at])) {
            return line;
        }
        List<String> moved = new ArrayList<>(List.of(line));
        moved.add(0, moved.remove(at));
        return moved.toArray(String[]::new);
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
