package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.process.NotifySocket;
import dewy.api.process.ServiceManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServiceManagerTest {
    @TempDir
    Path folder;

    @Test
    void tellsTheManagerHowItIsDoing() throws Exception {
        BlockingQueue<Map<String, String>> told = new LinkedBlockingQueue<>();
        try (NotifySocket socket = new PosixNotifySockets(List.of(folder)).open(Optional.empty(), told::add)) {
            ServiceManager manager = manager("NOTIFY_SOCKET", socket.address());
            assertThat(manager.isPresent()).isTrue();
            manager.tell("READY=1\nSTATUS=Ünder way");
            assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(Map.of("READY", "1", "STATUS", "Ünder way"));
            socket.close();
            manager.tell("STOPPING=1");
        }
    }

    @Test
    void tellsAManagerThatIsInNoFolder() throws Exception {
        Requirements.linux();
        Requirements.program("python3");
        String name = "dewy-test-" + ProcessHandle.current().pid();
        String script = "import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('\\0" + name
                + "'); print('bound', flush=True); print(s.recv(100).decode(), flush=True)";
        Process receiver = new ProcessBuilder("python3", "-c", script).start();
        try (var lines = receiver.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("bound");
            manager("NOTIFY_SOCKET", "@" + name).tell("READY=1");
            assertThat(lines.readLine()).isEqualTo("READY=1");
        } finally {
            receiver.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "/", "relative", "vsock:2:1"})
    void needsAnAddressThatItKnows(String address) {
        assertThat(manager("NOTIFY_SOCKET", address).isPresent()).isFalse();
    }

    @Test
    void touchesNoNativeCodeWhenNobodyWantsToKnow() throws Exception {
        assertThat(SeparateAgent.run(
                        "unset NOTIFY_SOCKET; ",
                        List.of("-Xlog:class+load:file=" + folder.resolve("loaded")),
                        "tell",
                        folder))
                .isEqualTo("told false");
        assertThat(folder.resolve("loaded").toFile()).content().doesNotContain("com.sun.jna");
    }

    @Test
    void knowsHowOftenTheManagerWantsToHear() {
        String own = Long.toString(ProcessHandle.current().pid());
        assertThat(manager("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "30000000")
                        .watchdog())
                .contains(Duration.ofSeconds(30));
        assertThat(manager("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "500", "WATCHDOG_PID", own)
                        .watchdog())
                .contains(Duration.ofNanos(500_000));
        assertThat(manager("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "500", "WATCHDOG_PID", "1")
                        .watchdog())
                .isEmpty();
        assertThat(manager("WATCHDOG_USEC", "500").watchdog()).isEmpty();
        assertThat(manager("NOTIFY_SOCKET", "/run/x").watchdog()).isEmpty();
        assertThat(manager("NOTIFY_SOCKET", "/run/x", "WATCHDOG_USEC", "-1").watchdog())
                .isEmpty();
    }

    private static ServiceManager manager(String... environment) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        return new PosixServiceManager(variables);
    }
}
