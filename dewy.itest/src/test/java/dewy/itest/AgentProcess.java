package dewy.itest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The launcher jar, running: its log can be waited for, and it is ended with the test. */
final class AgentProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonFactory JSON = new JsonFactory();

    private final Process process;
    private final List<Map<String, String>> records = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private int consumed;
    private boolean ended;

    private AgentProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "agent-output");
        reader.start();
    }

    /** Starts the jar with arguments, logging as JSON at debug level. */
    static AgentProcess start(Path directory, List<String> jvm, String... arguments) throws IOException {
        return start(directory, jvm, Map.of(), arguments);
    }

    /** Starts the jar with more variables in its environment. */
    static AgentProcess start(Path directory, List<String> jvm, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(directory, AgentCommand.ofBuild().with(jvm), environment, arguments);
    }

    /** Starts the jar in the way that a command says. */
    static AgentProcess start(
            Path directory, AgentCommand command, Map<String, String> environment, String... arguments)
            throws IOException {
        return new AgentProcess(builder(directory, command.line(List.of(arguments)), environment)
                .redirectInput(new File("/dev/null"))
                .start());
    }

    /** Starts a command line that is an agent, or that starts one, and that reads keys. */
    static AgentProcess launch(Path directory, List<String> line, Map<String, String> environment) throws IOException {
        return new AgentProcess(builder(directory, line, environment).start());
    }

    private static ProcessBuilder builder(Path directory, List<String> line, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().put("TMPDIR", directory.toString());
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true);
    }

    static AgentProcess start(Path directory, String... arguments) throws IOException {
        return start(directory, List.of("-Xmx96m"), arguments);
    }

    /** Returns the arguments of an agent that looks into a registry often, and logs all as JSON. */
    static String[] arguments(String command, String registry, Path app, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, "--registry", registry, "-d", app.toString()));
        arguments.addAll(List.of("-i", "200ms", "-f", "json", "-l", "debug"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    static Path jar() {
        return Path.of(System.getProperty("dewy.root"), "dewy.launcher/target/dewy-launcher.jar")
                .normalize();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the next record with that message; records before it are passed over. */
    Map<String, String> await(String message) throws InterruptedException {
        return await("\"" + message + "\"", record -> message.equals(record.get("msg")));
    }

    /** Waits for the next record that fits; records before it are passed over. */
    Map<String, String> await(String what, Predicate<Map<String, String>> wanted) throws InterruptedException {
        return await(what, PATIENCE, wanted);
    }

    synchronized Map<String, String> await(String what, Duration patience, Predicate<Map<String, String>> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            while (consumed < records.size()) {
                Map<String, String> record = records.get(consumed++);
                if (wanted.test(record)) {
                    return record;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (ended || left <= 0) {
                throw new AssertionError((ended ? "ended" : "waited in vain") + " without " + what + ":\n" + output());
            }
            wait(left);
        }
    }

    /** Waits until there is a record that fits, be it one that was passed over; returns the first one. */
    Map<String, String> find(String what, Predicate<Map<String, String>> wanted) throws InterruptedException {
        return find(what, PATIENCE, wanted);
    }

    synchronized Map<String, String> find(String what, Duration patience, Predicate<Map<String, String>> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<Map<String, String>> found =
                    records.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (ended || left <= 0) {
                throw new AssertionError((ended ? "ended" : "waited in vain") + " without " + what + ":\n" + output());
            }
            wait(left);
        }
    }

    synchronized boolean has(Predicate<Map<String, String>> wanted) {
        return records.stream().anyMatch(wanted);
    }

    long count(String message) {
        return count(record -> message.equals(record.get("msg")));
    }

    synchronized long count(Predicate<Map<String, String>> wanted) {
        return records.stream().filter(wanted).count();
    }

    /** Returns the messages for people in the records of that kind. */
    List<String> texts(String message) {
        return texts(message, "message");
    }

    /** Returns what a field says in the records of that kind. */
    synchronized List<String> texts(String message, String field) {
        return records.stream()
                .filter(record -> message.equals(record.get("msg")))
                .map(record -> record.getOrDefault(field, ""))
                .toList();
    }

    synchronized String output() {
        return String.join("\n", lines);
    }

    void signal(String name) throws IOException, InterruptedException {
        signal(name, Long.toString(pid()));
    }

    /** Sends a signal to all processes of the group that it leads. */
    void signalGroup(String name) throws IOException, InterruptedException {
        signal(name, "-" + pid());
    }

    /** Sends a signal again and again until the agent has ended, which it may between two looks. */
    void signalUntilItEnds(String name, Duration pause) throws IOException, InterruptedException {
        while (isAlive()) {
            kill(name, Long.toString(pid()));
            outlives(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static void signal(String name, String whom) throws IOException, InterruptedException {
        if (kill(name, whom) != 0) {
            throw new AssertionError("kill -s " + name + " " + whom + " failed");
        }
    }

    private static int kill(String name, String whom) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-s", name, "--", whom)
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Presses keys, as whoever sits at its standard input. */
    void press(String keys) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write(keys.getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Asks it to end, if it has not. */
    void terminate() {
        process.destroy();
    }

    /** Ends it when it can do nothing about it, and returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    /** Returns once it has lived on for so long, or has ended. */
    void outlives(long time, TimeUnit unit) throws InterruptedException {
        process.waitFor(time, unit);
    }

    /** Waits for the end and returns the exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running:\n" + output());
        }
        reader.join();
        return process.exitValue();
    }

    /** Ends the agent gracefully and returns its exit code. */
    int stop() throws IOException, InterruptedException {
        signal("TERM");
        return exitCode();
    }

    @Override
    public void close() throws Exception {
        if (process.isAlive()) {
            process.destroy();
            if (!process.waitFor(45, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        reader.join();
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(reading its output failed: " + e.getMessage() + ")");
        }
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        Map<String, String> record = parse(line);
        if (record != null) {
            records.add(record);
            notifyAll();
        }
    }

    private static @Nullable Map<String, String> parse(String line) {
        if (!line.startsWith("{")) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
            return fields;
        } catch (IOException e) {
            return null;
        }
    }
}
