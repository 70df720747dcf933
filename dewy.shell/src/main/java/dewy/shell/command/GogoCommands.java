package dewy.shell.command;

import dewy.api.control.Agent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The commands at the Gogo prompt. */
@Component(
        service = GogoCommands.class,
        property = {
            "osgi.command.scope=dewy",
            "osgi.command.function=apps",
            "osgi.command.function=status",
            "osgi.command.function=deploy",
            "osgi.command.function=explain",
            "osgi.command.function=plugins",
            "osgi.command.function=releases",
            "osgi.command.function=history",
            "osgi.command.function=pause",
            "osgi.command.function=resume",
            "osgi.command.function=notifyTest",
            "osgi.command.function=help"
        })
public final class GogoCommands {
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile @Nullable Agent agent;

    private final Commands commands = new Commands(() -> Optional.ofNullable(agent));

    public void apps(CommandSession session, String... arguments) {
        run(session, "apps", arguments);
    }

    public void status(CommandSession session, String... arguments) {
        run(session, "status", arguments);
    }

    public void deploy(CommandSession session, String... arguments) {
        run(session, "deploy", arguments);
    }

    public void explain(CommandSession session, String... arguments) {
        run(session, "explain", arguments);
    }

    public void plugins(CommandSession session, String... arguments) {
        run(session, "plugins", arguments);
    }

    public void releases(CommandSession session, String... arguments) {
        run(session, "releases", arguments);
    }

    public void history(CommandSession session, String... arguments) {
        run(session, "history", arguments);
    }

    public void pause(CommandSession session, String... arguments) {
        run(session, "pause", arguments);
    }

    public void resume(CommandSession session, String... arguments) {
        run(session, "resume", arguments);
    }

    public void notifyTest(CommandSession session, String... arguments) {
        run(session, "notify-test", arguments);
    }

    public void help(CommandSession session, String... arguments) {
        run(session, "help", arguments);
    }

    private void run(CommandSession session, String name, String... arguments) {
        Viewer viewer = new Viewer(System.getProperty("user.name"), false, Instant.now());
        session.getConsole()
                .print(commands.run(name, Arrays.asList(arguments), viewer).text());
    }
}
