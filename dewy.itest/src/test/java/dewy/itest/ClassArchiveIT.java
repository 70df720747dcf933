package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the script has an agent load its classes from. */
@Timeout(240)
class ClassArchiveIT {
    private static final Path SCRIPT =
            Path.of(System.getProperty("dewy.root"), "dewy").normalize();

    @TempDir
    Path folder;

    private Registry registry;
    private int agents;

    @BeforeEach
    void publish() throws IOException {
        registry = Registry.in(folder.resolve("registry"));
        registry.publish("v1.0.0", Map.of("page.html", "hello"));
    }

    @Test
    void theFirstAgentEverLoadsThemFromTheArchiveOfTheBuild() throws Exception {
        try (Agent agent = start(SCRIPT)) {
            assertThat(agent.loadedFromArchive()).isTrue();
        }
        assertThat(archives()).isEmpty();
    }

    @Test
    void elsewhereTheFirstAgentsLeaveOneArchiveAndAKilledOneNone() throws Exception {
        Files.copy(AgentProcess.jar(), folder.resolve("dewy-launcher.jar"));
        Path script = Files.copy(SCRIPT, folder.resolve("dewy"), StandardCopyOption.COPY_ATTRIBUTES);
        try (Agent agent = start(script)) {
            assertThat(agent.loadedFromArchive()).isFalse();
        }
        zeroFirstBytes(archives().get(0));
        try (Agent one = start(script);
                Agent other = start(script)) {
            assertThat(one.loadedFromArchive()).isFalse();
            assertThat(other.loadedFromArchive()).isFalse();
        }
        assertThat(archives()).hasSize(3);
        try (Agent agent = start(script)) {
            assertThat(agent.loadedFromArchive()).isTrue();
        }
        assertThat(archives()).hasSize(2).anyMatch(archive -> archive.toString().matches(".*/\\d+\\.jsa"));
    }

    /** As one looks that is being written, or was when the agent was killed. */
    private static void zeroFirstBytes(Path archive) throws IOException {
        assertThat(archive.toFile().setWritable(true)).isTrue();
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8), 0);
        }
    }

    private List<Path> archives() throws IOException {
        Path archives = folder.resolve("cache/dewy");
        if (!Files.exists(archives)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(archives)) {
            return files.toList();
        }
    }

    private Agent start(Path script) throws Exception {
        Path own = Files.createDirectory(folder.resolve("agent" + agents++));
        Path log = own.resolve("classes.log");
        AgentProcess process = AgentProcess.launch(
                own,
                List.of(script.toString(), "assets", "--registry", registry.url(), "-f", "json", "-d", own + "/app"),
                Map.of(
                        "XDG_CACHE_HOME",
                        folder.resolve("cache").toString(),
                        "DEWY_JAVA_OPTS",
                        "-Xlog:class+load:file=" + log));
        process.await("Deployment completed");
        return new Agent(process, log);
    }

    /** An agent that has deployed. */
    private record Agent(AgentProcess process, Path log) implements AutoCloseable {
        boolean loadedFromArchive() throws IOException {
            String cycle = Files.readAllLines(log).stream()
                    .filter(line -> line.contains(" dewy.core.cycle.DeployCycle "))
                    .findFirst()
                    .orElseThrow();
            return cycle.endsWith("source: shared objects file (top)");
        }

        @Override
        public void close() throws Exception {
            assertThat(process.stop()).isZero();
            process.close();
        }
    }
}
