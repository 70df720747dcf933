package dewy.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The arguments of a command.
 *
 * @param names what stands without dashes
 * @param json whether {@code --json} was given
 * @param help whether {@code --help} or {@code -h} was given
 */
record Arguments(List<String> names, boolean json, boolean help) {
    static Arguments parse(String command, int mostNames, List<String> given) throws UsageException {
        List<String> names = new ArrayList<>();
        boolean json = false;
        boolean help = false;
        for (String argument : given) {
            switch (argument) {
                case "--json" -> json = true;
                case "--help", "-h" -> help = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw new UsageException(command, "there is no option " + argument);
                    }
                    names.add(argument);
                }
            }
        }
        if (names.size() > mostNames) {
            throw new UsageException(command, "it does not take \"" + names.get(mostNames) + "\"");
        }
        return new Arguments(List.copyOf(names), json, help);
    }

    Optional<String> name() {
        return names.stream().findFirst();
    }
}
