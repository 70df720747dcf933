package dewy.shell.control;

import dewy.shell.command.Caller;
import dewy.shell.command.Commands;
import dewy.shell.command.SharedCommands;
import dewy.shell.command.Viewer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Opens the control socket of the agent home that the framework property {@code dewy.home} names. */
@Component(service = {})
public final class ShellComponent {
    private static final String SCOPE = "dewy:";
    private static final String SOCKET = "socket";
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

    private final BundleContext context;
    private final Commands commands;
    private final Optional<ControlSocket> socket;

    @Activate
    public ShellComponent(BundleContext context, @Reference SharedCommands shared) throws IOException {
        this.context = context;
        this.commands = shared.commands();
        String home = context.getProperty("dewy.home");
        this.socket = home == null
                ? Optional.empty()
                : Optional.of(ControlSocket.open(Path.of(home), runtimeFolders(), REQUEST_LIMIT, this::run));
    }

    @Deactivate
    void close() throws IOException {
        if (socket.isPresent()) {
            socket.get().close();
        }
    }

    private int run(Request request, String user, ClientScreen screen) throws IOException {
        List<String> command = request.arguments();
        String name = command.get(0);
        String own = name.startsWith(SCOPE) ? name.substring(SCOPE.length()) : name;
        Optional<GogoRunner> gogo = gogo().map(GogoRunner::new).filter(others -> others.knows(name));
        if (!commands.knows(own) && gogo.isPresent()) {
            int exitCode = gogo.get().run(command, screen.output());
            commands.noteForeign(command, Caller.of(user, SOCKET), exitCode);
            return exitCode;
        }
        Viewer viewer = new Viewer(Caller.of(user, SOCKET), request.window(), Instant.now());
        return commands.run(own, command.subList(1, command.size()), viewer, screen);
    }

    private Optional<CommandProcessor> gogo() {
        ServiceReference<CommandProcessor> reference = context.getServiceReference(CommandProcessor.class);
        return reference == null ? Optional.empty() : Optional.ofNullable(context.getService(reference));
    }

    private static List<Path> runtimeFolders() {
        List<Path> folders = new ArrayList<>();
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            folders.add(Path.of(runtime));
        }
        folders.add(Path.of("/run"));
        return folders;
    }
}
