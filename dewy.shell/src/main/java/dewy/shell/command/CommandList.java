package dewy.shell.command;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The commands by name. A name has one word or two; those whose first of two is the same are a group of that name.
 *
 * @param all the commands, in the order of their help
 */
record CommandList(List<Command> all) {
    /**
     * A command that was called.
     *
     * @param arguments the words behind its name
     */
    record Called(Command command, List<String> arguments) {}

    CommandList {
        all = List.copyOf(all);
    }

    /** Returns the command that these words begin with. */
    Optional<Called> find(List<String> words) {
        return all.stream()
                .filter(command -> beginsWith(words, words(command)))
                .findFirst()
                .map(command -> new Called(command, words.subList(words(command).size(), words.size())));
    }

    /** Returns the commands of a group; none when there is no such group. */
    List<Command> group(String name) {
        return all.stream()
                .filter(command -> command.name().startsWith(name + " "))
                .toList();
    }

    /** Returns the names of the commands of one word, and of the groups. */
    List<String> names() {
        return all.stream().map(command -> words(command).get(0)).distinct().toList();
    }

    /** Returns what a command or a group of that name does, in a sentence; nothing where there is none. */
    String summary(String name) {
        Stream<String> own =
                all.stream().filter(command -> command.name().equals(name)).map(Command::summary);
        return own.findFirst()
                .orElseGet(() -> String.join(
                        ", ", group(name).stream().map(CommandList::lastWord).toList()));
    }

    /** Returns the last word of the name of a command. */
    static String lastWord(Command command) {
        return command.name().substring(command.name().lastIndexOf(' ') + 1);
    }

    /** Returns why these words call no command. */
    String unknown(List<String> words) {
        String first = words.get(0);
        List<Command> group = group(first);
        if (group.isEmpty()) {
            return "there is no command \"" + first + "\"" + Nearest.hint(first, names());
        }
        if (words.size() == 1 || words.get(1).startsWith("-")) {
            return first + " needs one of " + summary(first) + " right behind it. Try: help " + first;
        }
        String name = first + " " + words.get(1);
        return "there is no command \"" + name + "\""
                + Nearest.hint(name, group.stream().map(Command::name).toList());
    }

    private static boolean beginsWith(List<String> words, List<String> name) {
        return words.size() >= name.size() && words.subList(0, name.size()).equals(name);
    }

    private static List<String> words(Command command) {
        return Arrays.asList(command.name().split(" ", -1));
    }
}
