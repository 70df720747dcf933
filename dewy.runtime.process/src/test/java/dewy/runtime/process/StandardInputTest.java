package dewy.runtime.process;

import static dewy.runtime.process.RealRuntimes.activation;
import static dewy.runtime.process.RealRuntimes.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.Await;
import dewy.tck.TestApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandardInputTest {
    private final RealRuntimes runtimes = new RealRuntimes();
    private final int port = PythonServer.freePort();
    private final Path folder;

    StandardInputTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void close() {
        runtimes.close();
    }

    @Test
    void isTheListeningSocketOfAJavaServer() throws Exception {
        ProcessRuntime runtime = open(java());

        runtime.activate(call(), activation("v1"));
        assertThat(ask()).isEqualTo("1");
        runtime.activate(call(), activation("v2"));

        Await.until("the second generation", () -> ask().equals("2"));
    }

    @Test
    void isAnOrdinaryInheritedSocketAsWell() throws Exception {
        TestApp app = ServerApp.of(
                folder, new Recorder(), "sh", "-c", "readlink /proc/$$/fd/0 /proc/$$/fd/3; env; exec sleep 1000");
        ProcessRuntime runtime = open(app);

        runtime.activate(call(), activation("v1"));

        String[] lines = ServerApp.output(app).split("\n");
        assertThat(lines[0]).startsWith("socket:").isEqualTo(lines[1]);
        assertThat(lines).contains("SERVER_STARTER_PORT=127.0.0.1:" + port + "=3", "LISTEN_FDS=1");
    }

    private ProcessRuntime open(TestApp app) throws Exception {
        return runtimes.open("process:?stdin-socket&ready-time=300ms&port=127.0.0.1:" + port, app);
    }

    private TestApp java() throws URISyntaxException {
        Path classes = Path.of(InheritedServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return ServerApp.of(
                folder,
                new Recorder(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                classes.toString(),
                InheritedServer.class.getName());
    }

    private String ask() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError("a connection was refused or cut", e);
        }
    }
}
