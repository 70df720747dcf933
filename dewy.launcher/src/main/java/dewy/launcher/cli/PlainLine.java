package dewy.launcher.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A command line that starts an agent, in which every word is an option written out, the value behind it, or an argument
 * behind {@code --}. It is read without picocli, which takes longer to start than the rest of the reading. All other lines
 * are for picocli, which also says what is wrong.
 *
 * @param command the command
 * @param values the values of each option that is given, by its name
 * @param arguments what stands behind {@code --}
 */
record PlainLine(String command, Map<String, List<String>> values, List<String> arguments) {
    private static final Set<String> COMMANDS = Set.of("server", "assets", "container", "host");

    /** Those that take something behind {@code --}. */
    private static final Set<String> TAKING = Set.of("server", "container");

    /** Returns a line that is as plain as that. */
    static Optional<PlainLine> of(String... line) {
        if (line.length == 0 || !COMMANDS.contains(line[0])) {
            return Optional.empty();
        }
        String command = line[0];
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<CommandOption> options = CommandOption.all(Stream.of(line));
        int at = 1;
        while (at < line.length && !"--".equals(line[at])) {
            String[] parts = line[at].split("=", 2);
            Optional<CommandOption> option = options.stream()
                    .filter(each ->
                            each.names().contains(parts[0]) && each.commands().contains(command))
                    .findFirst();
            boolean isFlag = option.isPresent() && option.get().label().isEmpty();
            boolean isAttached = parts.length > 1;
            int valueAt = isFlag || isAttached ? at : at + 1;
            if (option.isEmpty() || (isFlag && isAttached) || valueAt >= line.length) {
                return Optional.empty();
            }
            String value = isFlag ? "true" : isAttached ? parts[1] : line[valueAt];
            if (value.isEmpty() || value.startsWith("-") || (isAttached && !parts[0].startsWith("--"))) {
                return Optional.empty();
            }
            values.computeIfAbsent(option.get().name(), given -> new ArrayList<>())
                    .add(value);
            at = valueAt + 1;
        }
        List<String> arguments = at < line.length ? List.of(line).subList(at + 1, line.length) : List.of();
        boolean isTaken = arguments.isEmpty() || TAKING.contains(command);
        return isTaken ? Optional.of(new PlainLine(command, values, arguments)) : Optional.empty();
    }
}
