package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class OwnSignalsTest {
    private static final int PID = 4711;

    @TempDir
    Path folder;

    @BeforeEach
    void needsLinux() {
        Requirements.linux();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "trap '' INT TERM QUIT; "})
    void areHeardAlsoWhereTheyWereIgnoredFromTheStart(String before) throws Exception {
        assertThat(SeparateAgent.run(before, List.of(), "signals", folder)).isEqualTo("INT TERM STKFLT STKFLT");
    }

    /** The tool wakes the JVM with SIGQUIT, which must reach it, and stop nobody. */
    @Test
    void leaveToolsTheirSignal() throws Exception {
        Requirements.program("jcmd");
        assertThat(SeparateAgent.run("", List.of(), "attach", folder))
                .matches("(?s)\\d+:\\s[\\d.]+ s 0 INT TERM STKFLT STKFLT");
    }

    @Test
    void areToldFromARequestOfAToolByItsFileUntilItWasAnswered() throws Exception {
        int user = (Integer) Files.getAttribute(folder, "unix:uid");
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        AttachRequest request = new AttachRequest(directory, temporary, PID);
        assertThat(request.isPending(user)).isFalse();
        for (Path place : List.of(directory, temporary)) {
            Path file = Files.createFile(place.resolve(".attach_pid" + PID));
            assertThat(request.isPending(user)).isTrue();
            Files.delete(file);
        }
        Files.createFile(directory.resolve(".attach_pid" + PID));
        Files.createFile(temporary.resolve(".java_pid" + PID));
        assertThat(request.isPending(user)).isFalse();
    }

    @Test
    void areNotKeptFromTheAgentByTheFileOfSomebodyElse() throws Exception {
        Requirements.root();
        Path file = Files.createFile(folder.resolve(".attach_pid" + PID));
        Files.setAttribute(file, "unix:uid", 65534);
        AttachRequest request = new AttachRequest(folder, folder.resolve("none"), PID);
        assertThat(request.isPending(0)).isFalse();
        assertThat(request.isPending(65534)).isTrue();
    }

    /** As an assembler writes it. */
    @Test
    void areRenumberedByTheCodeOfEachProcessor() {
        long handler = 0x0102030405060708L;
        assertThat(hex("amd64", handler)).startsWith("f30f1efabf1000000048b80807060504030201ffe0");
        assertThat(hex("aarch64", handler)).startsWith("5f2403d500028052" + "5000005800021fd6" + "0807060504030201");
        assertThat(Renumbering.code("riscv64", 16, handler)).isEmpty();
    }

    private static String hex(String processor, long handler) {
        return HexFormat.of().formatHex(Renumbering.code(processor, 16, handler).orElseThrow());
    }
}
