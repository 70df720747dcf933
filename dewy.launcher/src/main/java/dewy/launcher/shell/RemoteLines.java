package dewy.launcher.shell;

import dewy.api.control.CommandLines;
import dewy.api.control.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has lines run by the agent of a home, over its control socket. */
final class RemoteLines implements CommandLines {
    static final int NO_AGENT = 2;
    private static final int INTERRUPTED = 130;

    private final Path home;

    RemoteLines(Path home) {
        this.home = home;
    }

    @Override
    public int run(String line, Window window, OutputStream out, Runnable live) throws IOException {
        return run(List.of(line.strip().split("\\s+", -1)), window, out, live);
    }

    /** Runs one command; what goes on is ended, as it should be, by interrupting the thread. */
    int run(List<String> command, Window window, OutputStream out, Runnable live) throws IOException {
        boolean[] goesOn = new boolean[1];
        try (Wire wire = Wire.open(home)) {
            wire.send(command, window);
            return wire.receive(out, System.err, () -> {
                goesOn[0] = true;
                live.run();
            });
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            return goesOn[0] ? 0 : INTERRUPTED;
        } catch (Wire.NoAgentException e) {
            System.err.println("dewy: " + e.getMessage());
            return NO_AGENT;
        }
    }

    @Override
    public List<Candidate> complete(List<String> words) {
        List<String> command = new ArrayList<>(List.of("complete"));
        command.addAll(words);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Wire wire = Wire.open(home)) {
            wire.send(command, Window.NONE);
            wire.receive(answer, OutputStream.nullOutputStream(), () -> {});
        } catch (IOException e) {
            return List.of(); // The command itself will say that there is no agent.
        }
        return answer.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" {2,}", 2))
                .map(columns -> new Candidate(columns[0], columns.length > 1 ? columns[1] : ""))
                .toList();
    }
}
