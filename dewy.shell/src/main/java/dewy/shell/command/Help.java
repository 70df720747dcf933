package dewy.shell.command;

import dewy.shell.command.CommandList.Called;
import java.util.List;
import java.util.Optional;

/**
 * What the commands tell about themselves.
 *
 * @param commands the commands there are
 */
record Help(CommandList commands) {
    /** Returns the list of all commands. */
    String all() {
        Table table = new Table("COMMAND", "WHAT IT DOES");
        for (String name : commands.names()) {
            Optional<Called> own = commands.find(List.of(name));
            if (own.isPresent()) {
                row(table, own.get().command());
                commands.group(name).forEach(command -> row(table, command));
            } else {
                table.row(name + " COMMAND", commands.summary(name) + ": see help " + name);
            }
        }
        table.row("complete [word…]", "List what the last of these words could become, for prompts");
        table.row("help [command]", "Show help");
        return table + "\nEach takes --json, for scripts, and --help.\n";
    }

    /** Returns the help of the command, or of the group, that these words name; empty when there is none. */
    Optional<String> of(List<String> words) {
        return commands.find(words).map(found -> of(found.command())).or(() -> group(words));
    }

    String of(Command command) {
        String options = command.options().isEmpty() ? "" : " [OPTIONS]";
        Table table = new Table();
        command.options().forEach(option -> table.row("  " + option.usage(), option.summary()));
        return usage(command) + options + " [--json]\n" + command.summary() + ".\n" + command.details() + table;
    }

    private Optional<String> group(List<String> words) {
        List<Command> group = words.size() == 1 ? commands.group(words.get(0)) : List.of();
        Table table = new Table("COMMAND", "WHAT IT DOES");
        group.forEach(command -> row(table, command));
        return group.isEmpty()
                ? Optional.empty()
                : Optional.of(table + "\nEach takes --json, for scripts, and --help.\n");
    }

    private static void row(Table table, Command command) {
        table.row(usage(command), command.summary());
    }

    private static String usage(Command command) {
        return (command.name() + " " + command.takes()).strip();
    }
}
