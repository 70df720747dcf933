package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.Await;
import dewy.tck.ServerProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server in {@code examples/grpc-registry}, built and run by the commands of {@code docs/grpc.md}. */
@Timeout(600)
class GrpcExampleIT {
    private static final Path ROOT = Path.of(System.getProperty("dewy.root"));
    private static final String EXAMPLE = "examples/grpc-registry";
    private static final String PROTO = "dewy.registry.grpc/src/main/proto";

    @TempDir
    Path folder;

    @Test
    void servesAFolder() throws Exception {
        Tools.require("mvn");
        build();
        Registry releases = Registry.in(folder.resolve("releases"));
        Path app = Files.createDirectories(folder.resolve("app"));
        int port = ServerProgram.freePort();
        String arguments = "-Dexec.args=" + releases.folder() + " " + port;
        try (ServerProgram server = ServerProgram.start(
                        folder.resolve(EXAMPLE),
                        folder.resolve("server.log"),
                        port,
                        List.of("mvn", "-o", "-q", "exec:java", arguments));
                AgentProcess agent = AgentProcess.start(
                        folder, AgentProcess.arguments("assets", "grpc://127.0.0.1:" + port + "?no-tls=true", app))) {
            agent.await("Nothing to deploy yet");
            publish(releases, "v1.0.0", Instant.now().minusSeconds(60));
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v1.0.0");
            publish(releases, "v2.0.0", Instant.now());
            assertThat(agent.await("Deployment completed")).containsEntry("version", "v2.0.0");
            assertThat(app.resolve("current/page.html")).hasContent("v2.0.0");
            Await.until(
                    server::output,
                    () -> server.output().contains("v1.0.0 as assets: deployed")
                            && server.output().contains("v2.0.0 as assets: deployed"));
        }
    }

    /** A copy is built, so that nothing is left beside the sources; what is not here yet, Maven fetches. */
    private void build() throws Exception {
        copy(EXAMPLE);
        copy(PROTO);
        File log = folder.resolve("build.log").toFile();
        Process build = new ProcessBuilder("mvn", "-q", "-B", "compile", "dependency:resolve", "-DincludeScope=runtime")
                .directory(folder.resolve(EXAMPLE).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertThat(build.waitFor(5, TimeUnit.MINUTES)).as("the build has ended").isTrue();
        String told = Files.readString(log.toPath());
        ServerProgram.require(
                !told.contains("Could not transfer artifact") && !told.contains("resolved artifact"),
                "what the example is built with is neither here nor can it be fetched: " + told);
        assertThat(build.exitValue()).as(told).isZero();
    }

    private void copy(String name) throws IOException {
        Path from = ROOT.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !from.relativize(file).startsWith("target"))
                    .toList()) {
                Path to = folder.resolve(name).resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    /** The version that was added last is the one that is served. */
    private static void publish(Registry releases, String version, Instant added) throws IOException {
        releases.publish(version, Map.of("page.html", version));
        Files.setLastModifiedTime(releases.folder().resolve(version), FileTime.from(added));
    }
}
