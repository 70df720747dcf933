package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;

import dewy.api.DewyException;
import dewy.tck.TestApp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An agent in a process of its own, made to be killed: it activates a release for each line it reads. */
final class KilledAgent implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private KilledAgent(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts an agent that runs a command in a folder. */
    static KilledAgent start(Path folder, String url, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledAgent.class.getName(),
                folder.toString(),
                url));
        line.addAll(List.of(command));
        return new KilledAgent(new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Has it begin with the activation of a release, whose end it does not wait for. */
    void begin(String tag) throws IOException {
        process.getOutputStream().write((tag + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Has it activate a release, and returns the process id of the server. */
    long activate(String tag) throws IOException {
        begin(tag);
        for (String answer = answers.readLine(); answer != null; answer = answers.readLine()) {
            if (answer.startsWith(tag + " ")) {
                return Long.parseLong(answer.substring(tag.length() + 1));
            }
        }
        throw new IOException("the agent ended");
    }

    /** Kills it, as the kernel does when memory is short. */
    void kill() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        answers.close();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException, DewyException {
        String[] command = List.of(arguments).subList(2, arguments.length).toArray(String[]::new);
        TestApp app = ServerApp.of(Path.of(arguments[0]), new Recorder(), command);
        ProcessRuntime runtime = new RealRuntimes().open(arguments[1], app);
        BufferedReader tags = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String tag = tags.readLine(); tag != null; tag = tags.readLine()) {
            runtime.activate(call(), activation(tag));
            System.out.println(tag + " " + RealRuntimes.pid(runtime));
        }
    }
}
