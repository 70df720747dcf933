package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class NativeCodeTest {
    @TempDir
    Path folder;

    @Test
    void isNotTouchedBeforeItIsNeeded() throws Exception {
        Path loaded = folder.resolve("loaded");
        List<String> log = List.of("-Xlog:class+load:file=" + loaded);
        assertThat(SeparateAgent.run("", log, "activate", folder)).isEqualTo("activated");
        assertThat(Files.readString(loaded)).contains("dewy.posix.PosixSockets").doesNotContain("com.sun.jna");
        assertThat(SeparateAgent.run("", log, "listen", folder)).startsWith("listening");
        assertThat(Files.readString(loaded)).contains("com.sun.jna").doesNotContain("java.lang.ProcessBuilder ");
    }

    @Test
    void leavesNoSettingAndNoFileBehind() throws Exception {
        Path own = Files.createDirectory(folder.resolve("own"));
        assertThat(SeparateAgent.run("", List.of("-Djava.io.tmpdir=" + own), "listen", folder))
                .isEqualTo("listening null false");
        try (var left = Files.list(own)) {
            assertThat(left.filter(file -> !file.toString().contains("hsperfdata")))
                    .isEmpty();
        }
    }

    @Test
    void keepsTheExitCodeWhenSignalsOfChildrenAreIgnored() throws Exception {
        assertThat(SeparateAgent.run("trap '' CHLD; ", List.of(), "spawn", folder))
                .isEqualTo("exited with code 7");
    }

    @Test
    void saysThatTheHostHasNoRoomLeft() throws Exception {
        assertThat(SeparateAgent.run("ulimit -n 100; ", List.of(), "exhaust", folder))
                .startsWith("StorageException: Cannot listen on 127.0.0.1:0: this host has no room left")
                .contains("LimitNOFILE");
    }

    @Test
    void unpacksWhereExecutionIsAllowed() throws Exception {
        Path locked = mountNoexec();
        try {
            assertThat(ExecutableFolder.first(List.of(folder.resolve("missing"), locked, folder)))
                    .isEqualTo(folder);
            assertThatThrownBy(() -> ExecutableFolder.first(List.of(locked)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(locked.toString())
                    .hasMessageContaining("-Djna.tmpdir=");
            assertThat(SeparateAgent.run("", List.of("-Djava.io.tmpdir=" + locked), "listen", folder))
                    .startsWith("listening");
            assertThat(SeparateAgent.run("", List.of("-Djna.tmpdir=" + locked), "listen", folder))
                    .startsWith("StorageException: Cannot load the native library from " + locked);
        } finally {
            run("umount", locked.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, riscv64", "FreeBSD, amd64"})
    void refusesASystemThatItDoesNotKnow(String system, String processor) {
        assertThatThrownBy(() -> NativeCode.requireSupported(system, processor))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(system + " on " + processor)
                .hasMessageContaining("It needs Linux or macOS");
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64", "Linux, aarch64", "Mac OS X, x86_64", "Mac OS X, aarch64"})
    void acceptsTheSystemsItKnows(String system, String processor) {
        assertThatCode(() -> NativeCode.requireSupported(system, processor)).doesNotThrowAnyException();
    }

    private Path mountNoexec() throws Exception {
        Requirements.linux();
        Requirements.root();
        Path point = Files.createDirectory(folder.resolve("noexec"));
        int code = run("mount", "-t", "tmpfs", "-o", "noexec,size=1m", "dewy-test", point.toString());
        Requirements.setting(code == 0, "it needs to mount a file system");
        return point;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
