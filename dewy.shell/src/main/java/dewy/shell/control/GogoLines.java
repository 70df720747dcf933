package dewy.shell.control;

import dewy.api.control.CommandLines;
import dewy.api.control.Window;
import dewy.shell.command.Commands;
import dewy.shell.command.GogoCommands;
import dewy.shell.command.SharedCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Runs the lines of a prompt in one Gogo session, with all of its language. */
@Component
public final class GogoLines implements CommandLines {
    private static final String SCOPE = "dewy:";
    private static final int INTERRUPTED = 130;
    private static final long LOOK_MILLIS = 50;

    private final CommandProcessor processor;
    private final Commands commands;
    private final Redirected out = new Redirected();
    private Optional<CommandSession> session = Optional.empty();

    @Activate
    public GogoLines(@Reference CommandProcessor processor, @Reference SharedCommands shared) {
        this.processor = processor;
        this.commands = shared.commands();
    }

    @Deactivate
    synchronized void close() {
        session.ifPresent(CommandSession::close);
    }

    @Override
    public int run(String line, Window window, OutputStream target, Runnable live) {
        int exitCode = execute(line, window, target, live);
        List<String> words = List.of(line.strip().split("\\s+", -1));
        if (!commands.knows(own(words.get(0)))) {
            commands.noteForeign(words, GogoCommands.caller(), exitCode);
        }
        return exitCode;
    }

    /** Returns the name of the command of ours that is called so here, if there is one. */
    private static String own(String word) {
        return GogoCommands.name(word.startsWith(SCOPE) ? word.substring(SCOPE.length()) : word);
    }

    @SuppressWarnings("IllegalCatch") // Commands of others throw what they like.
    private int execute(String line, Window window, OutputStream target, Runnable live) {
        CommandSession gogo = session();
        out.target = target;
        gogo.put(GogoCommands.WINDOW, window);
        gogo.put(GogoCommands.LIVE, live);
        PrintStream print = gogo.getConsole();
        try {
            Object result = gogo.execute(line);
            if (result != null) {
                print.println(gogo.format(result, Converter.INSPECT));
            }
            return 0;
        } catch (InterruptedException e) {
            return end(gogo);
        } catch (Exception e) {
            Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            print.println(cause.getMessage() == null ? cause.toString() : cause.getMessage());
            return 1;
        } finally {
            print.flush();
        }
    }

    /** Gogo runs a line on a thread of its own, which the interruption has to reach. */
    private static int end(CommandSession gogo) {
        try {
            for (Job job = gogo.foregroundJob(); job != null; job = gogo.foregroundJob()) {
                job.interrupt();
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // It does not end, and is left to itself.
        }
        return INTERRUPTED;
    }

    @Override
    public List<Candidate> complete(List<String> words) {
        if (words.size() == 1) {
            return Stream.concat(commands.complete(words).stream().map(GogoLines::here), others(words.get(0)))
                    .toList();
        }
        List<String> own = new ArrayList<>(words);
        String name = words.get(0);
        own.set(0, own(name));
        return commands.complete(own);
    }

    /** Names with a scope once one is being written, without before. */
    private Stream<Candidate> others(String word) {
        boolean isScoped = word.indexOf(':') >= 0;
        List<String> own = commands.complete(List.of("")).stream()
                .map(candidate -> here(candidate).text())
                .toList();
        return GogoRunner.commands(session())
                .map(name -> isScoped ? name : name.substring(name.indexOf(':') + 1))
                .distinct()
                .filter(name -> name.startsWith(word) && !own.contains(name))
                .map(name -> new Candidate(name, ""));
    }

    private static Candidate here(Candidate candidate) {
        return new Candidate(GogoCommands.function(candidate.text()), candidate.summary());
    }

    private synchronized CommandSession session() {
        if (session.isEmpty()) {
            PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
            CommandSession gogo = processor.createSession(InputStream.nullInputStream(), print, print);
            gogo.put("SCOPE", "gogo:dewy:*");
            session = Optional.of(gogo);
        }
        return session.get();
    }

    /** Goes where the line that is run goes. */
    private static final class Redirected extends OutputStream {
        private volatile OutputStream target = OutputStream.nullOutputStream();

        @Override
        public void write(int b) throws IOException {
            target.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            target.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            target.flush();
        }
    }
}
