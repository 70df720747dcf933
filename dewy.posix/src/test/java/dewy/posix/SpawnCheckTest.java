package dewy.posix;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a process before it is made, when {@code current} will lead to another folder by then. */
class SpawnCheckTest {
    private final PosixProcesses processes = new PosixProcesses();
    private Path next = Path.of("unset");

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() throws Exception {
        next = Files.createDirectories(folder.resolve("releases/2"));
        Path before = Files.createDirectories(folder.resolve("releases/1"));
        Files.createSymbolicLink(folder.resolve("current"), before);
        Files.createSymbolicLink(folder.resolve("aside"), Path.of("current/app"));
        script(before.resolve("app"), "#!/bin/sh\n");
    }

    @Test
    void looksBehindTheLinkThatWillLeadElsewhere() throws Exception {
        for (String name : List.of(
                "current/app", "./current/./app", folder.resolve("current/app").toString())) {
            Files.deleteIfExists(next.resolve("app"));
            assertThatThrownBy(() -> check(name))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("there is no such file");
            Files.writeString(next.resolve("app"), "#!/bin/sh\n");
            assertThatThrownBy(() -> check(name))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("it is not executable");
            script(next.resolve("app"), "#!" + folder + "/current/bin/python\n");
            assertThatThrownBy(() -> check(name))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessageContaining("its first line names " + folder + "/current/bin/python, which is not there");
            script(next.resolve("app"), "#!/bin/sh\n");
            assertThatCode(() -> check(name)).doesNotThrowAnyException();
        }
    }

    @Test
    void doesNotGuessWhatOtherLinksWillLeadTo() throws Exception {
        assertThatCode(() -> check("./aside")).doesNotThrowAnyException();
        Files.setPosixFilePermissions(folder.resolve("current/app"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatCode(() -> check("./aside")).doesNotThrowAnyException();
        Files.delete(folder.resolve("current"));
        assertThatCode(() -> check("./aside")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check("current/app")).hasMessageContaining("there is no such file");
    }

    @Test
    void looksInThePathThatLeadsThere() throws Exception {
        Map<String, String> path = Map.of("PATH", "/bin:current/bin");
        assertThatThrownBy(() -> check(spawn("hidden-app").withEnvironment(path)))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("it is not in PATH");
        script(Files.createDirectories(next.resolve("bin")).resolve("hidden-app"), "#!/bin/sh\n");
        assertThatCode(() -> check(spawn("hidden-app").withEnvironment(path))).doesNotThrowAnyException();
    }

    @Test
    void blamesTheHostForWhatIsNotDeployed() {
        assertThatThrownBy(() -> check("no-such-program"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("it is not in PATH");
        assertThatThrownBy(() -> check("/no/such/program")).isInstanceOf(InvalidException.class);
        assertThatThrownBy(() -> check(spawn("current/app").withUser(Optional.of("no-such-user"), Optional.empty())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no such user");
        assertThatThrownBy(() -> check(spawn("current/app").withUser(Optional.empty(), Optional.of("no-such-group"))))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no such group");
    }

    private void check(String name) throws DewyException {
        check(spawn(name));
    }

    private void check(Spawn spawn) throws DewyException {
        processes.check(spawn, Map.of(folder.resolve("current"), next));
    }

    private Spawn spawn(String name) {
        return Spawn.of(List.of(name), folder, folder.resolve("log"));
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
