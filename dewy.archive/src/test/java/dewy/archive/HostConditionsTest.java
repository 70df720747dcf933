package dewy.archive;

import static dewy.archive.Archives.directory;
import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dewy.api.StorageException;
import dewy.archive.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not the archive's fault. */
class HostConditionsTest {
    private Path temporary;

    @BeforeEach
    void remember(@TempDir Path temporary) {
        this.temporary = temporary;
    }

    /** Root may do everything, so a child does this without that right. */
    @Test
    void writesIntoAndDeletesDirectoriesThatAreReadOnly() throws Exception {
        byte[] tar = Archives.tar(out -> {
            directory(out, "sealed/", 0555);
            file(out, "sealed/first", 0444, new byte[1]);
            file(out, "other", "");
            directory(out, "sealed/deep/", 0500);
            file(out, "sealed/deep/file", 0, new byte[1]);
            file(out, "sealed/first", 0400, new byte[2]);
            Archives.bare(out, "sealed/link", '2', "deep/file");
            directory(out, "closed/", 0);
            file(out, "closed/file", "");
        });
        Path archive = Files.write(temporary.resolve("archive"), tar);
        Path folder = temporary.resolve("folder");
        boolean root = (int) Files.getAttribute(temporary, "unix:uid") == 0;

        String said = ChildJvm.bound(root).run(UnpackMain.class, temporary, archive, folder, "delete");

        assertThat(said).isEqualTo("unpacked\ndeleted\nexit 0");
        assertThat(folder).doesNotExist();
    }

    @Test
    void saysWhatToDoWhenTheLocaleCannotNameAFile() throws Exception {
        Path archive =
                Files.write(temporary.resolve("archive"), Archives.tar(out -> file(out, "gr\u00f6\u00dfe", "umlaut")));

        String said = ChildJvm.with(Map.of("LC_ALL", "C"))
                .run(UnpackMain.class, temporary, archive, temporary.resolve("folder"));

        assertThat(said)
                .startsWith("StorageException: Cannot unpack app: ")
                .contains("cannot be written in the character set of the agent's locale")
                .contains("LC_ALL=C.UTF-8");
    }

    @Test
    void needsNoTemporaryFolderForTheNativeLibraryOfZstd() throws Exception {
        Path archive = Files.write(
                temporary.resolve("archive"), Archives.zstd(Archives.tar(out -> file(out, "file", "content"))));
        Path folder = temporary.resolve("folder");

        String said = ChildJvm.plain()
                .options("-Djava.io.tmpdir=" + temporary.resolve("none"))
                .run(UnpackMain.class, temporary, archive, folder);

        assertThat(said).isEqualTo("unpacked\nexit 0");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("file"));
        }
    }

    @Test
    void refusesAZipThatDeclaresMoreThanTheDiskHas() throws Exception {
        int copies = 1 + (int) (Files.getFileStore(temporary).getUsableSpace() / 0xfffffff0L);
        assumeTrue(copies < 10_000, "a disk of less than 40 TB");
        byte[] large = Archives.zip(out -> {
            for (int i = 0; i <= copies; i++) {
                file(out, "file" + i, "content");
            }
        });
        Path archive = Files.write(temporary.resolve("archive"), withDeclaredSize(large, 0xfffffff0L));
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        ExtractionLimits limits = new ExtractionLimits(100_000, Long.MAX_VALUE, Integer.MAX_VALUE, 1 << 20);

        StorageException refused = catchThrowableOfType(StorageException.class, () -> new ArchiveExtractor()
                .extract(Sandbox.call(), archive, "app.zip", folder, limits));

        assertThat(refused)
                .hasMessageStartingWith("Cannot unpack app.zip to " + folder + ": it needs ")
                .hasMessageContaining(" left. Free some space");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesAnArchiveThatTheDiskHasNoRoomForBeforeItWrites() throws Exception {
        assertThat(onSmallDisk("app.tar", Archives.tar(out -> file(out, "file", Archives.noise(4 << 20, 11)))))
                .hasMessageStartingWith("Cannot unpack app.tar to ")
                .hasMessageContaining("it needs 5,")
                .hasMessageContaining(" left. Free some space");
    }

    @Test
    void saysThatTheDiskIsFull() throws Exception {
        byte[] archive = Archives.bzip2(Archives.tar(out -> file(out, "file", new byte[8 << 20])));
        assertThat(onSmallDisk("app.tar.bz2", archive)).hasMessageContaining("the disk is full. Free some space");
    }

    /** What the system knows nothing about is not full. */
    @Test
    void takesADiskThatDoesNotTellItsRoomForLargeEnough() throws Exception {
        assertThat(Path.of("/proc").toFile().getUsableSpace()).isZero();
        DiskSpace.require("write to", Path.of("/proc/not/there"), Long.MAX_VALUE);
    }

    private StorageException onSmallDisk(String name, byte[] content) throws Exception {
        Path small = Files.createDirectory(temporary.resolve("small"));
        assumeTrue(succeeds("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()), "may mount");
        try {
            Path archive = Files.write(temporary.resolve("archive"), content);
            Path folder = Files.createDirectory(small.resolve("folder"));
            return catchThrowableOfType(StorageException.class, () -> new ArchiveExtractor()
                    .extract(Sandbox.call(), archive, name, folder, ExtractionLimits.DEFAULT));
        } finally {
            assertThat(succeeds("umount", small.toString())).isTrue();
        }
    }

    /** Overwrites the unpacked size in every header of the central directory. */
    private static byte[] withDeclaredSize(byte[] zip, long size) {
        for (int at = 0; at + 4 <= zip.length; at++) {
            if (zip[at] == 'P' && zip[at + 1] == 'K' && zip[at + 2] == 1 && zip[at + 3] == 2) {
                for (int place = 0; place < 4; place++) {
                    zip[at + 24 + place] = (byte) (size >> (8 * place));
                }
            }
        }
        return zip;
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
