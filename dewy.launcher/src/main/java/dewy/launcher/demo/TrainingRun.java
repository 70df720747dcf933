package dewy.launcher.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has an agent deploy once when the jar is built, for the archive of its classes, by which the first agent of a user starts
 * as quickly as all others. Where there is none for what reason ever, the script that starts agents has it made later.
 */
public final class TrainingRun {
    private static final String JAR = "dewy-launcher";
    private static final String DEPLOYED = "Deployment completed";
    private static final long LONGEST_SECONDS = 60;

    private final Path script;
    private final Path folder;

    private TrainingRun(Path script, Path folder) {
        this.script = script;
        this.folder = folder;
    }

    /** Makes the archive; the arguments are the script, the folder with the jar and one for the run. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(arguments[2]).toAbsolutePath());
        String log = new TrainingRun(Path.of(arguments[0]), folder).run();
        if (!log.contains(DEPLOYED) || !moved(folder.resolve("dewy"), Path.of(arguments[1]))) {
            System.err.println("No archive of classes was made, so the first agent starts more slowly: " + log);
        }
    }

    /** Returns what the agent wrote. */
    private String run() throws IOException, InterruptedException {
        Path releases = folder.resolve("releases");
        new DemoReleases(releases).publish("v1.0.0");
        Path app = folder.resolve("app");
        ProcessBuilder builder = new ProcessBuilder(
                script.toString(), "assets", "--registry", "file://" + releases, "-d", app.toString());
        builder.environment().put("XDG_CACHE_HOME", folder.toString());
        Process agent = builder.redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS).execute(agent::destroyForcibly);
        StringBuilder written = new StringBuilder();
        try (BufferedReader log = agent.inputReader(StandardCharsets.UTF_8)) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                written.append(line).append('\n');
                if (line.contains(DEPLOYED)) {
                    agent.toHandle().destroy(); // That leaves its output open.
                }
            }
        }
        agent.waitFor();
        return written.toString();
    }

    /** Each agent writes a file of its own, named by the jar and Java and then by its process. */
    private static boolean moved(Path cache, Path beside) throws IOException {
        if (!Files.isDirectory(cache)) {
            return false;
        }
        boolean moved = false;
        try (DirectoryStream<Path> made = Files.newDirectoryStream(cache, "*.jsa")) {
            for (Path archive : made) {
                String key = archive.getFileName().toString().replaceFirst("\\..*", "");
                Path target = beside.resolve(JAR + "-" + key + ".jsa");
                Files.move(archive, target, StandardCopyOption.ATOMIC_MOVE);
                moved = true;
            }
        }
        return moved;
    }
}
