package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.ApplicationException;
import dewy.api.StorageException;
import dewy.api.process.DescriptorLease;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Spawn;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SpawnFailureTest {
    @TempDir
    Path folder;

    private Children children = Children.of(Path.of("/"));

    @BeforeEach
    void open() {
        children = Children.of(folder);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @Test
    void namesAProgramThatIsNotThereBehindAShellToo() throws Exception {
        Files.createDirectory(folder.resolve("folder"));
        Files.writeString(folder.resolve("plain"), "no program");
        for (Spawn spawn :
                List.of(command("nowhere/app"), command("nowhere/app").withListenPid())) {
            assertFails(spawn, "there is no such file", "Check the command");
        }
        for (Spawn spawn :
                List.of(command("no-such-program"), command("no-such-program").withListenPid())) {
            assertFails(spawn, "it is not in PATH", "current/app");
        }
        for (Spawn spawn : List.of(command("./plain"), command("./plain").withListenPid())) {
            assertFails(spawn, "it is not executable", "chmod +x");
        }
        for (Spawn spawn : List.of(command("./folder"), command("./folder").withListenPid())) {
            assertFails(spawn, "it is not a file", "Check the command");
        }
        assertFails(Spawn.of(List.of(), folder, children.log()), "the command is empty", "Name a program");
    }

    @Test
    void namesAProgramThatTheSystemRefuses() throws Exception {
        executable("text", "no program");
        assertFails(command("./text"), "Exec format error", "built for this platform");
        assertFails(command("/bin/true", "x".repeat(200_000)), "Argument list too long", "Shorten");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            /usr/bin/pythn3\\n          | its first line names /usr/bin/pythn3, which is not there     | Install it, or correct
             /no/such -x                | its first line names /no/such, which is not there            | Install it, or correct
            /tmp\\n                     | its first line names /tmp, which is not executable           | execute bit
            /bin/sh\\r\\necho\\r\\n      | its first line ends in a carriage return                     | dos2unix
            /bin/sh -e\\r\\n            | its first line ends in a carriage return                     | dos2unix
            /usr/bin/tail -n1\\r\\n     | its first line ends in a carriage return                     | dos2unix
            ./good -u\\r\\n            | its first line ends in a carriage return                     | dos2unix
            /usr/bin/env python3\\r\\n  | its first line ends in a carriage return                     | dos2unix
            /usr/bin/env nope\\n        | its first line has env look for nope, which is not in PATH   | Install it, or correct
            /usr/bin/env -S A=b nope -x | its first line has env look for nope, which is not in PATH   | Install it, or correct
            /usr/bin/env sh -e\\n       | its first line has env look for "sh -e", since all behind    | env -S
            ./broken\\n                 | its first line names ./broken, which cannot be started: its first line names /no/such | Install
            """)
    void namesTheFirstLineOfAScript(String text, String why, String advice) throws Exception {
        executable("broken", "#!/no/such\n");
        executable("good", "#!/bin/sh\n");
        executable("script", "#!" + text.translateEscapes());
        for (Spawn spawn : List.of(command("./script"), command("./script").asHeld())) {
            assertFails(spawn, why, advice);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#!/bin/sh",
                "#! /bin/sh -e\n",
                "#!/usr/bin/env sh\n",
                "#!/usr/bin/env -S A=b sh -e\n",
                "#!/usr/bin/env -S sh -e\r\n",
                "#!./perl5.36 -w\r\n",
                "#!./good\n"
            })
    void hasNothingAgainstAScriptThatCanBeStarted(String text) throws Exception {
        executable("good", "#!/bin/sh\n");
        executable("perl5.36", "#!/bin/sh\n");
        executable("script", text);
        assertThat(children.start(command("./script")).exit().get().code()).isZero();
    }

    @Test
    void namesThePlatformOfAProgramForAnother() throws Exception {
        Requirements.linux();
        byte[] real = Files.readAllBytes(Path.of("/bin/true"));
        Path foreign = executable("foreign", "");
        byte[] bytes = real.clone();
        bytes[18] = 22; // s390x, in whichever order: the other byte is zero.
        bytes[19] = 0;
        Files.write(foreign, bytes);
        assertFails(command("./foreign"), "it was built for s390x, and this host is a", "built for this platform");

        String text = new String(real, StandardCharsets.ISO_8859_1);
        String other = text.replaceFirst("/ld-linux([-.\\w]*)", "/ld-nosuch$1").substring(0, real.length);
        Files.write(foreign, other.getBytes(StandardCharsets.ISO_8859_1));
        assertFails(command("./foreign"), "/ld-nosuch", "C library");
    }

    @Test
    void namesAProgramThatSomebodyElseMayNotStart() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path locked = Files.createDirectory(folder.resolve("locked"));
        executable("locked/app", "#!/bin/sh\n");
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        AsNobody.run(() -> {
            assertFails(Spawn.of(List.of("true"), locked, children.log()), "may not be entered", "who owns it");
            return locked;
        });
    }

    @Test
    void namesAWorkingDirectoryThatIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertFails(
                Spawn.of(List.of("true"), folder.resolve("gone"), children.log()),
                "the working directory does not exist",
                "gone");
        assertFails(Spawn.of(List.of("true"), file, children.log()), "is not a folder", "Name a folder");
    }

    @Test
    void namesAnOutputThatCannotBeWritten() {
        assertThatThrownBy(() -> children.start(Spawn.of(List.of("true"), folder, folder.resolve("no/such.log"))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no/such.log")
                .hasMessageContaining("its folder does not exist");
        assertThatThrownBy(() -> children.start(Spawn.of(List.of("true"), folder, folder)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Is a directory");
    }

    @Test
    void keepsNoDescriptorOfAFailedStart() throws Exception {
        Requirements.linux();
        executable("text", "no program");
        try (ListeningSocket socket = new PosixSockets().listen(new ListeningAddress("127.0.0.1", 0));
                DescriptorLease lease = socket.lease()) {
            Spawn refused = command("./text").withDescriptors(Map.of(250, lease));
            // The second of the two is closed, so that it cannot be duplicated.
            Spawn broken = command("true").withDescriptors(Map.of(250, lease, 251, new Lease(199)));
            int before = openDescriptors();
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> children.start(refused)).isInstanceOf(ApplicationException.class);
                assertThatThrownBy(() -> children.start(broken))
                        .isInstanceOf(ApplicationException.class)
                        .hasMessageContaining("Bad file descriptor");
            }
            assertThat(openDescriptors()).isLessThan(before + 25);
        }
    }

    @Test
    void endsAChildThatCannotBeWatched() throws Exception {
        Requirements.linux();
        Spawner spawner = new Spawner(Children.thisSystem().abilities(), work -> new Thread(work) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        String mark = "60" + System.nanoTime() % 100_000;
        assertThatThrownBy(() -> spawner.spawn(command("sleep", mark)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("TasksMax");
        try (Stream<ProcessHandle> processes = ProcessHandle.current().children()) {
            assertThat(processes.map(process -> process.info().commandLine().orElse("")))
                    .noneMatch(line -> line.contains(mark));
        }
    }

    private void assertFails(Spawn spawn, String why, String advice) {
        assertThatThrownBy(() -> children.start(spawn))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining(spawn.directory().toString())
                .hasMessageContaining(
                        spawn.command().isEmpty()
                                ? "a process"
                                : spawn.command().get(0))
                .hasMessageContaining(why)
                .hasMessageContaining(advice);
    }

    private Spawn command(String... command) {
        return children.command(command);
    }

    private Path executable(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private static int openDescriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
