package dewy.shell.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nobody but the agent's user gets in, and two things stand in the way: the file system, and who the client is. */
@Timeout(60)
class OtherUserTest {
    private final AtomicInteger commands = new AtomicInteger();
    private Path temporary;
    private ControlSocket socket;

    @BeforeEach
    void open(@TempDir Path temporary) throws IOException {
        needs("root".equals(System.getProperty("user.name")), "it needs root");
        needs(hasProgram("setpriv"), "there is no setpriv in PATH");
        this.temporary = temporary;
        allow(temporary, "rwxr-xr-x");
        Path home = Files.createDirectory(temporary.resolve("home"));
        socket = ControlSocket.open(
                home, List.of(temporary), Duration.ofMinutes(1), (request, user, client) -> commands.incrementAndGet());
    }

    @AfterEach
    void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
    }

    @Test
    void theAgentsOwnUserIsAnswered() throws Exception {
        assertThat(knock()).isEqualTo("connected\nanswered\n");
    }

    @Test
    void anotherUserDoesNotReachTheSocket() throws Exception {
        assertThat(knock(nobody())).isEqualTo("refused: Permission denied\n");
        assertThat(commands).hasValue(0);
    }

    @Test
    void anotherUserMayNotUseTheSocketItselfEither() throws Exception {
        allow(temporary.resolve("dewy"), "rwxr-xr-x");
        assertThat(knock(nobody())).isEqualTo("refused: Permission denied\n");
        assertThat(commands).hasValue(0);
    }

    @Test
    void anotherUserIsTurnedAwayEvenWhereTheFileSystemLetsHimIn() throws Exception {
        allow(temporary.resolve("dewy"), "rwxr-xr-x");
        allow(socket.path(), "rw-rw-rw-");
        assertThat(knock(nobody())).startsWith("connected\nrefused");
        assertThat(commands).hasValue(0);
        assertThat(knock()).isEqualTo("connected\nanswered\n");
    }

    private static String[] nobody() {
        return new String[] {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"};
    }

    /** The class is copied to where every user may read it. */
    private String knock(String... prefix) throws IOException, InterruptedException {
        String name = Knock.class.getName().replace('.', '/') + ".class";
        Path copy = temporary.resolve("classes").resolve(name);
        if (!Files.exists(copy)) {
            Files.createDirectories(copy.getParent());
            Files.write(copy, Knock.class.getResourceAsStream("Knock.class").readAllBytes());
        }
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(temporary.resolve("classes").toString());
        command.addAll(List.of(Knock.class.getName(), socket.path().toString()));
        Path output = temporary.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static boolean hasProgram(String name) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    private static void needs(boolean met, String otherwise) {
        if (!met && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(met, otherwise);
    }
}
