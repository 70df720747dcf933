package dewy.shell.control;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/** Runs any other Gogo command, with its arguments taken as they are. */
final class GogoRunner {
    private static final Pattern NAME = Pattern.compile("([a-zA-Z][\\w-]*:)?[a-zA-Z][\\w-]*");

    /** The variable in which Gogo keeps them. */
    private static final String COMMANDS = ".commands";

    private static final Pattern PLAIN = Pattern.compile("[\\w./:@+,-]+");

    private final CommandProcessor processor;

    GogoRunner(CommandProcessor processor) {
        this.processor = processor;
    }

    /** Returns whether there is a command of that name, with its scope or without. */
    boolean knows(String name) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), nowhere, nowhere)) {
            return commands(session).anyMatch(command -> command.equals(name) || command.endsWith(":" + name));
        }
    }

    /** Returns the names of all commands, with their scopes. */
    static Stream<String> commands(CommandSession session) {
        return session.get(COMMANDS) instanceof Set<?> names ? names.stream().map(Object::toString) : Stream.empty();
    }

    @SuppressWarnings("IllegalCatch") // Commands of others throw what they like.
    int run(List<String> command, OutputStream out) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        if (!NAME.matcher(command.get(0)).matches()) {
            print.println("\"" + command.get(0) + "\" is no name of a command");
            return 1;
        }
        String line = command.get(0)
                + command.stream().skip(1).map(GogoRunner::quoted).collect(Collectors.joining());
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), print, print)) {
            Object result = session.execute(line);
            if (result != null) {
                print.println(session.format(result, Converter.INSPECT));
            }
            return 0;
        } catch (Exception e) {
            print.println(command.get(0) + ": " + e.getMessage());
            return 1;
        }
    }

    /** Gogo turns only what is not quoted into what a command takes: 7 into bundle 7. */
    private static String quoted(String argument) {
        if (PLAIN.matcher(argument).matches()) {
            return " " + argument;
        }
        return " '" + argument.replace("'", "'\\''") + "'";
    }
}
