package dewy.archive.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSystemSyncTest {
    private static final long BYTES = 1 << 20;

    private final Path temporary;
    private final Path folder;
    private final Path memory;
    private final Path asked;

    FileSystemSyncTest(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        folder = Files.createDirectory(temporary.resolve("folder"));
        memory = temporary.resolve("meminfo");
        asked = temporary.resolve("asked");
        dirty(BYTES);
    }

    @Test
    void syncsTheFileSystemOfTheFolder() throws Exception {
        assertThat(run(gnu(0), true)).isTrue();
        assertThat(asked).hasContent("-f " + folder);
    }

    @Test
    void isNotSureOfWhatTheSystemOrTheProgramKeepsToItself() throws Exception {
        assertThat(run(gnu(0), false)).isFalse();
        assertThat(asked).hasContent("-f " + folder);

        assertThat(run(program("sync (uutils coreutils) 0.2.2", 0), true)).isFalse();
        assertThat(run(program("BusyBox v1.36.1 multi-call binary", 0), true)).isFalse();
    }

    @Test
    void isNotSureWhenItFails() throws Exception {
        assertThat(run(gnu(1), true)).isFalse();
        assertThat(run(new SystemProgram(List.of(), Duration.ofMinutes(1)), true))
                .isFalse();
    }

    @Test
    void leavesAFileSystemAloneWhereOthersHaveWrittenMuch() throws Exception {
        dirty(BYTES + FileSystemSync.OTHERS + 1024);
        assertThat(run(gnu(0), true)).isFalse();
        assertThat(asked).doesNotExist();

        dirty(BYTES + FileSystemSync.OTHERS);
        assertThat(run(gnu(0), true)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ext4, 5.8.0, true",
        "xfs, 6.18.44-fc-v669, true",
        "btrfs, 10.0, true",
        "ext4, 5.4.0-1029-aws, false",
        "ext4, 4.18.0, false",
        "overlay, 6.18.44, false",
        "fuse.sshfs, 6.18.44, false",
        "apfs, 23.1.0, false",
        "ext4, unknown, false",
    })
    void reliesOnSystemsThatTellWhatWasLost(String type, String kernel, boolean reliable) {
        assertThat(FileSystemSync.isReliable(type, kernel)).isEqualTo(reliable);
    }

    @Test
    void syncsThisSystem() throws Exception {
        FileSystemSync.SYSTEM.run(CancellableCall.of("test", Duration.ofMinutes(2)), folder, BYTES);
    }

    private boolean run(SystemProgram program, boolean reliable) throws Exception {
        return new FileSystemSync(program, memory, unused -> reliable)
                .run(CancellableCall.of("test", Duration.ofMinutes(2)), folder, BYTES);
    }

    private SystemProgram gnu(int status) throws IOException {
        return program("sync (GNU coreutils) 9.1", status);
    }

    private SystemProgram program(String version, int status) throws IOException {
        return Programs.script(
                temporary,
                "[ \"$1\" = --version ] && echo '" + version + "' && exit\necho \"$@\" >" + asked + "\nexit " + status);
    }

    private void dirty(long bytes) throws IOException {
        Files.writeString(memory, "MemFree:  1000 kB\nDirty:     " + bytes / 1024 + " kB\nWriteback:    0 kB\n");
    }
}
