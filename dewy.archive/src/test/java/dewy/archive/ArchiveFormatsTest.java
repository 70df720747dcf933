package dewy.archive;

import static dewy.archive.Archives.directory;
import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveFormatsTest {
    private static final Instant PAST = Instant.parse("2021-03-04T05:06:08Z");

    private Path temporary;
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        sandbox = new Sandbox(temporary);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.tar",
                "app.tar.gz",
                "app.tgz",
                "app.tar.bz2",
                "app.tbz2",
                "app.tar.xz",
                "app.txz",
                "app.tar.zst",
                "app.tzst",
                "APP.TAR.GZ",
                "app"
            })
    void unpacksWhatTheNameSays(String name) throws Exception {
        byte[] tar = Archives.tar(out -> {
            file(out, "bin/app", 0755, Archives.noise(100_000, 1));
            file(out, "README", "read me");
        });

        Path folder = sandbox.unpack(name, packedAs(name, tar));

        assertThat(folder.resolve("bin/app")).hasBinaryContent(Archives.noise(100_000, 1));
        assertThat(folder.resolve("README")).hasContent("read me");
        assertThat(mode(folder.resolve("bin/app"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(folder.resolve("README"))).isEqualTo("rw-r--r--");
    }

    @Test
    void unpacksZips() throws Exception {
        byte[] zip = Archives.zip(out -> {
            Archives.entry(out, "bin/", UnixStat.DIR_FLAG | 0750, new byte[0]);
            Archives.entry(out, "bin/app", UnixStat.FILE_FLAG | 0755, Archives.noise(100_000, 1));
            Archives.link(out, "run", "bin/app");
            Archives.entry(out, "plain/from-dos", 0, "text".getBytes(StandardCharsets.UTF_8));
            Archives.file(out, "größe", "umlaut");
        });

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(folder.resolve("bin/app")).hasBinaryContent(Archives.noise(100_000, 1));
        assertThat(mode(folder.resolve("bin"))).isEqualTo("rwxr-x---");
        assertThat(mode(folder.resolve("bin/app"))).isEqualTo("rwxr-xr-x");
        assertThat(mode(folder.resolve("plain/from-dos"))).isEqualTo("rw-r--r--");
        assertThat(Files.readSymbolicLink(folder.resolve("run"))).isEqualTo(Path.of("bin/app"));
        assertThat(folder.resolve("größe")).hasContent("umlaut");
    }

    @Test
    void unpacksStoredZipEntriesWithTheirTimes() throws Exception {
        byte[] zip = Archives.zip(out -> {
            out.setMethod(ZipArchiveEntry.STORED);
            ZipArchiveEntry entry = new ZipArchiveEntry("stored");
            entry.setSize(3);
            entry.setCrc(0x352441C2L);
            entry.setLastModifiedTime(FileTime.from(PAST));
            out.putArchiveEntry(entry);
            out.write("abc".getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
        });

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(folder.resolve("stored")).hasContent("abc");
        assertThat(Files.getLastModifiedTime(folder.resolve("stored")).toInstant())
                .isEqualTo(PAST);
    }

    @Test
    void keepsModesAndTimesOfFilesAndDirectoriesWhateverTheirOrder() throws Exception {
        byte[] tar = Archives.tar(out -> {
            dated(out, "sealed/", 0555);
            dated(out, "sealed/file", 0444);
            file(out, "between", "");
            dated(out, "sealed/deeper/file", 0640);
            dated(out, "late/file", 0600);
            dated(out, "late/", 0711);
        });

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(mode(folder.resolve("sealed"))).isEqualTo("r-xr-xr-x");
        assertThat(mode(folder.resolve("sealed/file"))).isEqualTo("r--r--r--");
        assertThat(mode(folder.resolve("sealed/deeper/file"))).isEqualTo("rw-r-----");
        assertThat(mode(folder.resolve("late"))).isEqualTo("rwx--x--x");
        for (String name : List.of("sealed", "sealed/file", "sealed/deeper/file", "late", "late/file")) {
            assertThat(Files.getLastModifiedTime(folder.resolve(name)).toInstant())
                    .as(name)
                    .isEqualTo(PAST);
        }
    }

    @Test
    void leavesTheOwnerTheRightToRead() throws Exception {
        byte[] tar = Archives.tar(out -> {
            directory(out, "dark/", 0);
            file(out, "dark/file", 0111, new byte[0]);
        });

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(mode(folder.resolve("dark"))).isEqualTo("r-x------");
        assertThat(mode(folder.resolve("dark/file"))).isEqualTo("r-x--x--x");
    }

    @Test
    void makesLinksThatStayInTheRelease() throws Exception {
        byte[] tar = Archives.tar(out -> {
            Archives.bare(out, "before", TarConstants.LF_SYMLINK, "lib/../lib/real");
            file(out, "lib/real", "content");
            Archives.bare(out, "lib/up", TarConstants.LF_SYMLINK, "../before");
            Archives.bare(out, "lib/home", TarConstants.LF_SYMLINK, "..");
            Archives.bare(out, "through", TarConstants.LF_SYMLINK, "lib/home/lib/up");
            Archives.bare(out, "dangling", TarConstants.LF_SYMLINK, "var/log");
            Archives.bare(out, "hard", TarConstants.LF_LINK, "lib/real");
            Archives.bare(out, "lib/hard", TarConstants.LF_LINK, "./lib/real");
        });

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(folder.resolve("before")).isSymbolicLink().hasContent("content");
        assertThat(folder.resolve("through")).isSymbolicLink().hasContent("content");
        assertThat(Files.readSymbolicLink(folder.resolve("dangling"))).isEqualTo(Path.of("var/log"));
        assertThat(Files.isSameFile(folder.resolve("hard"), folder.resolve("lib/real")))
                .isTrue();
        assertThat(Files.isSameFile(folder.resolve("lib/hard"), folder.resolve("lib/real")))
                .isTrue();
    }

    @Test
    void readsLongNamesGlobalHeadersAndUnusualButHarmlessEntries() throws Exception {
        String longName = "directory-with-a-name/".repeat(12) + "file";
        for (int mode : new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
            byte[] tar = Archives.tar(out -> {
                TarArchiveEntry global =
                        new TarArchiveEntry("pax_global_header", TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER);
                global.addPaxHeader("comment", "a word");
                out.putArchiveEntry(global);
                Archives.bare(out, "label", 'V', "");
                directory(out, "./", 0700);
                out.setLongFileMode(mode);
                file(out, longName, "deep");
                file(out, ".//a/./b", "plain");
                Archives.bare(out, "old-style-directory/", TarConstants.LF_OLDNORM, "");
            });

            Path folder = sandbox.unpack("app.tar", tar);

            assertThat(folder.resolve(longName)).hasContent("deep");
            assertThat(folder.resolve("a/b")).hasContent("plain");
            assertThat(folder.resolve("old-style-directory")).isDirectory();
            assertThat(folder.resolve("label")).doesNotExist();
        }
    }

    @Test
    void letsTheLastOfSeveralFilesOfOneNameWinWithoutTouchingItsHardLinks() throws Exception {
        byte[] tar = Archives.tar(out -> {
            file(out, "config", "first");
            Archives.bare(out, "kept", TarConstants.LF_LINK, "config");
            file(out, "config", 0600, "second".getBytes(StandardCharsets.UTF_8));
        });

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(folder.resolve("config")).hasContent("second");
        assertThat(mode(folder.resolve("config"))).isEqualTo("rw-------");
        assertThat(folder.resolve("kept")).hasContent("first");
    }

    @Test
    void readsGzipOfSeveralMembersAndIgnoresWhatFollowsTheEndOfATar() throws Exception {
        byte[] tar = Archives.tar(out -> file(out, "file", Archives.noise(5_000, 2)));
        byte[] parts = Archives.bytes(out -> {
            out.write(Archives.gzip(Arrays.copyOfRange(tar, 0, 700)));
            out.write(Archives.gzip(new byte[0]));
            out.write(Archives.gzip(Arrays.copyOfRange(tar, 700, tar.length)));
            out.write(Archives.gzip("what follows the end".getBytes(StandardCharsets.UTF_8)));
        });
        byte[] followed = Archives.bytes(out -> {
            out.write(tar);
            out.write(Archives.noise(3_000, 3));
        });

        assertThat(sandbox.unpack("app.tar.gz", parts).resolve("file")).hasBinaryContent(Archives.noise(5_000, 2));
        assertThat(sandbox.unpack("app.tar", followed).resolve("file")).hasBinaryContent(Archives.noise(5_000, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "app.tar, tar -cf",
        "app.tar.gz, tar -czf",
        "app.tar.bz2, tar -cjf",
        "app.tar.xz, tar -cJf",
        "app.tar.zst, tar --zstd -cf",
        "app.tar, tar --format=v7 -cf",
        "app.tar, tar --format=gnu -cf",
        "app.tar, tar --format=pax -cf",
        "app.zip, zip -q -r -y",
        "app.zip, zip -q -0 -r -y",
    })
    void unpacksWhatTheToolsOfTheSystemPack(String name, String command) throws Exception {
        Path source = Files.createDirectories(temporary.resolve("source"));
        Files.createDirectories(source.resolve("bin/empty"));
        Files.write(source.resolve("bin/app"), Archives.noise(70_000, 4));
        Files.setPosixFilePermissions(source.resolve("bin/app"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.writeString(source.resolve("größe"), "umlaut");
        Files.createSymbolicLink(source.resolve("run"), Path.of("bin/app"));
        Files.setLastModifiedTime(source.resolve("bin/app"), FileTime.from(PAST));
        Path archive = temporary.resolve(name);
        packWith(command + " " + archive + " .", source);

        Path folder = sandbox.unpack(name, archive, ExtractionLimits.DEFAULT);

        assertThat(folder.resolve("bin/app")).hasBinaryContent(Archives.noise(70_000, 4));
        assertThat(mode(folder.resolve("bin/app"))).isEqualTo("rwxr-x--x");
        assertThat(Files.getLastModifiedTime(folder.resolve("bin/app")).toInstant())
                .isEqualTo(PAST);
        assertThat(folder.resolve("bin/empty")).isEmptyDirectory();
        assertThat(folder.resolve("größe")).hasContent("umlaut");
        assertThat(folder.resolve("run")).isSymbolicLink();
    }

    private static void dated(TarArchiveOutputStream out, String name, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setMode(mode);
        entry.setModTime(Date.from(PAST));
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }

    private static byte[] packedAs(String name, byte[] tar) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith("gz")) {
            return Archives.gzip(tar);
        }
        if (lower.endsWith("bz2")) {
            return Archives.bzip2(tar);
        }
        if (lower.endsWith("xz")) {
            return Archives.xz(tar, 1 << 20);
        }
        return lower.endsWith("st") ? Archives.zstd(tar) : tar;
    }

    private void packWith(String command, Path source) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command.split(" "))
                    .directory(source.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(temporary.resolve("tool.log").toFile())
                    .start();
        } catch (IOException absent) {
            assumeTrue(false, "this system has no " + command);
            return;
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(temporary.resolve("tool.log")))
                .isZero();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
