package dewy.shell.command;

import dewy.api.control.Window;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Process;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The commands at the Gogo prompt. */
@Component(
        service = GogoCommands.class,
        property = {
            "osgi.command.scope=dewy",
            "osgi.command.function=apps",
            "osgi.command.function=status",
            "osgi.command.function=top",
            "osgi.command.function=log",
            "osgi.command.function=logs",
            "osgi.command.function=deploy",
            "osgi.command.function=rollback",
            "osgi.command.function=unpin",
            "osgi.command.function=retry",
            "osgi.command.function=check",
            "osgi.command.function=operations",
            "osgi.command.function=cancel",
            "osgi.command.function=explain",
            "osgi.command.function=plugins",
            "osgi.command.function=plugin",
            "osgi.command.function=releases",
            "osgi.command.function=history",
            "osgi.command.function=capsule",
            "osgi.command.function=audit",
            "osgi.command.function=pause",
            "osgi.command.function=resume",
            "osgi.command.function=containers",
            "osgi.command.function=scale",
            "osgi.command.function=proxy",
            "osgi.command.function=notifyTest",
            "osgi.command.function=help"
        })
public final class GogoCommands {
    /** The variable of a session that holds the {@link Window} of its prompt. */
    public static final String WINDOW = ".dewy.window";

    /** The variable of a session that holds the {@link Runnable} to tell when a command goes on. */
    public static final String LIVE = ".dewy.live";

    private static final String NOTIFY_TEST = "notify-test";
    private static final String NOTIFY_TEST_FUNCTION = "notifyTest";

    private final Commands commands;

    @Activate
    public GogoCommands(@Reference SharedCommands shared) {
        this.commands = shared.commands();
    }

    /** Returns what a command is called at the Gogo prompt, whose names are those of methods. */
    public static String function(String name) {
        return NOTIFY_TEST.equals(name) ? NOTIFY_TEST_FUNCTION : name;
    }

    /** Returns the name of the command that is called so at the Gogo prompt. */
    public static String name(String function) {
        return NOTIFY_TEST_FUNCTION.equals(function) ? NOTIFY_TEST : function;
    }

    public void apps(CommandSession session, String... arguments) throws IOException {
        run(session, "apps", arguments);
    }

    public void status(CommandSession session, String... arguments) throws IOException {
        run(session, "status", arguments);
    }

    public void top(CommandSession session, String... arguments) throws IOException {
        run(session, "top", arguments);
    }

    public void log(CommandSession session, String... arguments) throws IOException {
        run(session, "log", arguments);
    }

    public void logs(CommandSession session, String... arguments) throws IOException {
        run(session, "logs", arguments);
    }

    public void deploy(CommandSession session, String... arguments) throws IOException {
        run(session, "deploy", arguments);
    }

    public void rollback(CommandSession session, String... arguments) throws IOException {
        run(session, "rollback", arguments);
    }

    public void unpin(CommandSession session, String... arguments) throws IOException {
        run(session, "unpin", arguments);
    }

    public void retry(CommandSession session, String... arguments) throws IOException {
        run(session, "retry", arguments);
    }

    public void check(CommandSession session, String... arguments) throws IOException {
        run(session, "check", arguments);
    }

    public void operations(CommandSession session, String... arguments) throws IOException {
        run(session, "operations", arguments);
    }

    public void cancel(CommandSession session, String... arguments) throws IOException {
        run(session, "cancel", arguments);
    }

    public void explain(CommandSession session, String... arguments) throws IOException {
        run(session, "explain", arguments);
    }

    public void plugins(CommandSession session, String... arguments) throws IOException {
        run(session, "plugins", arguments);
    }

    public void plugin(CommandSession session, String... arguments) throws IOException {
        run(session, "plugin", arguments);
    }

    public void releases(CommandSession session, String... arguments) throws IOException {
        run(session, "releases", arguments);
    }

    public void history(CommandSession session, String... arguments) throws IOException {
        run(session, "history", arguments);
    }

    public void capsule(CommandSession session, String... arguments) throws IOException {
        run(session, "capsule", arguments);
    }

    public void audit(CommandSession session, String... arguments) throws IOException {
        run(session, "audit", arguments);
    }

    public void pause(CommandSession session, String... arguments) throws IOException {
        run(session, "pause", arguments);
    }

    public void resume(CommandSession session, String... arguments) throws IOException {
        run(session, "resume", arguments);
    }

    public void containers(CommandSession session, String... arguments) throws IOException {
        run(session, "containers", arguments);
    }

    public void scale(CommandSession session, String... arguments) throws IOException {
        run(session, "scale", arguments);
    }

    public void proxy(CommandSession session, String... arguments) throws IOException {
        run(session, "proxy", arguments);
    }

    public void notifyTest(CommandSession session, String... arguments) throws IOException {
        run(session, NOTIFY_TEST, arguments);
    }

    public void help(CommandSession session, String... arguments) throws IOException {
        run(session, "help", arguments);
    }

    /** Returns who sits at a prompt of this process. */
    public static Caller caller() {
        return Caller.of(System.getProperty("user.name"), "prompt");
    }

    private void run(CommandSession session, String name, String... arguments) throws IOException {
        Process process = Process.Utils.current();
        boolean isPiped = !process.isTty(1);
        Window window = !isPiped && session.get(WINDOW) instanceof Window prompt ? prompt : Window.NONE;
        Runnable live = session.get(LIVE) instanceof Runnable told ? told : () -> {};
        Viewer viewer = new Viewer(caller(), window, Instant.now());
        commands.run(name, Arrays.asList(arguments), viewer, new ConsoleScreen(process.out(), live));
    }

    /**
     * Shows things at a prompt of this process, whose viewer leaves by interrupting the thread.
     *
     * @param out where they are shown
     * @param goesOn is told when the command goes on until then
     */
    private record ConsoleScreen(PrintStream out, Runnable goesOn) implements Screen {
        @Override
        public void write(String text) throws IOException {
            out.print(text);
            out.flush();
            if (out.checkError()) {
                throw new IOException("the output is closed");
            }
        }

        @Override
        public void live() {
            goesOn.run();
        }

        @Override
        public boolean pause(Duration length) {
            try {
                TimeUnit.NANOSECONDS.sleep(length.toNanos());
                return true;
            } catch (InterruptedException e) {
                return false; // The interruption was meant for this command alone.
            }
        }
    }
}
