package dewy.launcher.shell;

import dewy.launcher.Terminal;
import dewy.launcher.prompt.Display;
import dewy.launcher.prompt.History;
import dewy.launcher.prompt.Prompt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Sends commands to a running agent over its control socket. */
public final class ShellClient {
    private final Path home;
    private final RemoteLines lines;

    public ShellClient(Path home) {
        this.home = home;
        this.lines = new RemoteLines(home);
    }

    /** Runs one command, or a prompt when there is none; returns the exit code. */
    public int run(List<String> command) throws IOException {
        if (!command.isEmpty()) {
            return send(command);
        }
        return Terminal.isInteractive() ? prompt() : script();
    }

    private int prompt() throws IOException {
        try (Display display = Display.open()) {
            return new Prompt("dewy> ", display, lines, History.of(home)).run();
        }
    }

    private int script() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int exitCode = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (Prompt.isEnd(line)) {
                return exitCode;
            }
            if (!line.isBlank()) {
                exitCode = send(List.of(line.strip().split("\\s+", -1)));
            }
        }
        return exitCode;
    }

    /** The terminal is taken over only for a command that goes on, so that any other is answered at once. */
    private int send(List<String> command) throws IOException {
        try (Display display = Display.lazy()) {
            return display.run((window, live) -> lines.run(command, window, System.out, live));
        }
    }
}
