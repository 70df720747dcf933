package dewy.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class of the tests in a JVM of its own, with a heap or a user of its own. */
public final class ChildJvm {
    private final List<String> command = new ArrayList<>();
    private final Map<String, String> environment;

    private ChildJvm(List<String> prefix, Map<String, String> environment) {
        command.addAll(prefix);
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        this.environment = environment;
    }

    public static ChildJvm plain() {
        return new ChildJvm(List.of(), Map.of());
    }

    public static ChildJvm with(Map<String, String> environment) {
        return new ChildJvm(List.of(), environment);
    }

    /** For root, permissions mean something only without the right to override them. */
    public static ChildJvm bound(boolean root) {
        List<String> drop =
                List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", "--");
        return new ChildJvm(root ? drop : List.of(), Map.of());
    }

    public ChildJvm options(String... options) {
        command.addAll(List.of(options));
        return this;
    }

    /** Returns what the main class printed, with its exit status in the last line. */
    public String run(Class<?> main, Path temporary, Object... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(temporary, "child", ".log");
        Process process =
                builder(main, arguments).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            return Files.readString(output, StandardCharsets.UTF_8) + (ended ? "exit " + process.exitValue() : "hangs");
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts the main class, whose output the caller reads and whose process the caller ends. */
    public Process start(Class<?> main, Object... arguments) throws IOException {
        return builder(main, arguments).start();
    }

    private ProcessBuilder builder(Class<?> main, Object... arguments) {
        command.add(main.getName());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
    }
}
