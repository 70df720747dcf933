package dewy.shell.command;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a command.
 *
 * @param names what stands without dashes
 * @param options what was given of its options: the value by name, which is empty for one that takes none
 * @param json whether {@code --json} was given
 * @param help whether {@code --help} or {@code -h} was given
 */
record Arguments(List<String> names, Map<String, String> options, boolean json, boolean help) {
    static Arguments parse(Command command, List<String> given) throws UsageException {
        List<String> names = new ArrayList<>();
        Map<String, String> options = new LinkedHashMap<>();
        boolean json = false;
        boolean help = false;
        Iterator<String> rest = given.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                default -> {
                    if (argument.startsWith("-")) {
                        add(options, command, argument, rest);
                    } else {
                        names.add(argument);
                    }
                }
            }
        }
        int mostNames = command.takes().isEmpty() ? 0 : command.takes().split(" ", -1).length;
        if (names.size() > mostNames) {
            throw new UsageException(command.name(), "it does not take \"" + names.get(mostNames) + "\"");
        }
        return new Arguments(List.copyOf(names), Map.copyOf(options), json, help);
    }

    Optional<String> name() {
        return names.stream().findFirst();
    }

    boolean has(Option option) {
        return options.containsKey(option.name());
    }

    Optional<String> value(Option option) {
        return Optional.ofNullable(options.get(option.name()));
    }

    private static void add(Map<String, String> options, Command command, String argument, Iterator<String> rest)
            throws UsageException {
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        Option option = command.options().stream()
                .filter(each -> each.isCalled(name) && !(each.value().isEmpty() && equals >= 0))
                .findFirst()
                .orElseThrow(() -> new UsageException(command.name(), "there is no option " + argument));
        if (option.value().isEmpty()) {
            options.put(option.name(), "");
        } else if (equals >= 0) {
            options.put(option.name(), argument.substring(equals + 1));
        } else if (rest.hasNext()) {
            options.put(option.name(), rest.next());
        } else {
            throw new UsageException(command.name(), argument + " needs a value " + option.value());
        }
    }
}
