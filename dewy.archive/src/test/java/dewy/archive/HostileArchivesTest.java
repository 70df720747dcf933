package dewy.archive;

import static dewy.archive.Archives.bare;
import static dewy.archive.Archives.directory;
import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must never work. {@link Sandbox} sees to it that nothing around the folder has changed. */
class HostileArchivesTest {
    private Path temporary;
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        sandbox = new Sandbox(temporary);
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("../secret", "lead out"),
                Arguments.of("../../secret", "lead out"),
                Arguments.of("a/../../secret", "lead out"),
                Arguments.of("a/b/..", "lead out"),
                Arguments.of("..", "lead out"),
                Arguments.of("./..", "lead out"),
                Arguments.of("/etc/dewy-was-here", "absolute"),
                Arguments.of("//host/share", "absolute"),
                Arguments.of("..\\secret", "backslash"),
                Arguments.of("a/b\\..\\..\\c", "backslash"),
                Arguments.of("C:/windows", "Windows drive"),
                Arguments.of("c:evil", "Windows drive"),
                Arguments.of("n".repeat(256), "longer than 255 bytes"),
                Arguments.of("ü".repeat(128), "longer than 255 bytes"),
                Arguments.of("directory/".repeat(205) + "f", "longer than 2048 bytes"),
                Arguments.of("d/".repeat(200) + "f", "200 directories deep"),
                Arguments.of("a\0b", "no name can have"),
                Arguments.of(".", "in the place of the release"),
                Arguments.of("./.", "in the place of the release"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void refusesNamesThatLeadOutOrNowhere(String name, String reason) throws Exception {
        // In a tar, a zero byte ends a name.
        if (!name.contains("\0")) {
            sandbox.refuses(
                    "app.tar.gz",
                    Archives.gzip(Archives.tar(tar -> {
                        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
                        file(tar, "good", "good");
                        file(tar, name, "bad");
                    })),
                    reason);
        }
        // This library's zip entries turn a backslash into a slash unless there is a slash already.
        String inZip = name.startsWith("..\\") ? "lead out" : reason;
        sandbox.refuses(
                "app.zip",
                Archives.zip(zip -> {
                    file(zip, "good", "good");
                    file(zip, name, "bad");
                }),
                inZip);
    }

    @Test
    void refusesEntriesWithoutAName() throws Exception {
        sandbox.refuses("app.tar", Archives.tar(tar -> file(tar, "", "bad")), "has no name");
        sandbox.refuses("app.zip", Archives.zip(zip -> file(zip, "", "bad")), "has no name");
    }

    @Test
    void showsHostileNamesHarmlessly() throws Exception {
        byte[] tar = Archives.tar(out -> file(out, "../\u001b[2J\n" + "x".repeat(1_000), "bad"));

        String message =
                String.valueOf(sandbox.refuses("app.tar", tar, "lead out").getMessage());

        assertThat(message).contains("\"../\\u001b[2J\\u000axxx").hasSizeLessThan(400);
        assertThat(message.chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void refusesNamesThatAreNotUtf8() throws Exception {
        byte[] tar = Archives.tar(out -> {
            // Without fractions of seconds, so without a pax header.
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_ERROR);
            file(out, "caf_", "latin 1");
        });
        byte[] zip = Archives.zip(out -> file(out, "caf_", "latin 1"));

        sandbox.refuses(
                "app.tar",
                withChecksum(replaced(tar, "caf_", "caf\u00e9")),
                "\"caf\\xe9\" is a name that is not UTF-8");
        sandbox.refuses("app.zip", replaced(zip, "caf_", "caf\u00e9"), "\"caf\\xe9\" is a name that is not UTF-8");
    }

    static Stream<Arguments> links() {
        return Stream.of(
                Arguments.of("link", "../../secret", "leads out"),
                Arguments.of("link", "..", "leads out"),
                Arguments.of("a/link", "../..", "leads out"),
                Arguments.of("link", "a/../../release/a", "leads out"),
                Arguments.of("link", "missing/../../secret", "leads out"),
                Arguments.of("link", "link", "more than 40 links"),
                Arguments.of("link", "/etc/passwd", "absolute"),
                Arguments.of("link", "C:\\windows", "backslash"),
                Arguments.of("link", "", "link to nothing"));
    }

    @ParameterizedTest
    @MethodSource("links")
    void refusesLinksThatLeadOut(String name, String target, String reason) throws Exception {
        sandbox.refuses("app.tar", Archives.tar(tar -> bare(tar, name, TarConstants.LF_SYMLINK, target)), reason);
        sandbox.refuses("app.zip", Archives.zip(zip -> Archives.link(zip, name, target)), reason);
    }

    @Test
    void refusesLinksThatLeadOutOnlyThroughOtherLinks() throws Exception {
        // By its text "out" stays in deep/er; through "home" it is the folder above the release.
        byte[] tar = Archives.tar(out -> {
            bare(out, "out", TarConstants.LF_SYMLINK, "deep/er/home/..");
            bare(out, "deep/er/home", TarConstants.LF_SYMLINK, "../..");
        });
        byte[] zip = Archives.zip(out -> {
            Archives.link(out, "deep/er/home", "../..");
            Archives.link(out, "out", "deep/er/home/..");
        });

        sandbox.refuses("app.tar", tar, "\"out\" is a symbolic link to \"deep/er/home/..\" that leads out");
        sandbox.refuses("app.zip", zip, "\"out\" is a symbolic link to \"deep/er/home/..\" that leads out");
    }

    @Test
    void followsAsManyLinksAsTheKernel() throws Exception {
        Path folder = sandbox.unpack("app.tar", Archives.tar(tar -> chain(tar, 40)));

        assertThat(folder.resolve("link40")).hasContent("content");
        sandbox.refuses("app.tar", Archives.tar(tar -> chain(tar, 41)), "\"link41\" is a symbolic link");
    }

    private static void chain(TarArchiveOutputStream tar, int links) throws IOException {
        file(tar, "link0", "content");
        for (int i = 1; i <= links; i++) {
            bare(tar, "link" + i, TarConstants.LF_SYMLINK, "link" + (i - 1));
        }
    }

    @Test
    void neverWritesThroughALink() throws Exception {
        for (String target : new String[] {"../other", "..", "real", "."}) {
            sandbox.refuses(
                    "app.tar",
                    Archives.tar(tar -> {
                        directory(tar, "real/", 0755);
                        bare(tar, "link", TarConstants.LF_SYMLINK, target);
                        file(tar, "link/secret", "overwritten");
                    }),
                    "leads through \"link\"");
            sandbox.refuses(
                    "app.zip",
                    Archives.zip(zip -> {
                        file(zip, "real/file", "");
                        Archives.link(zip, "link", target);
                        file(zip, "link/secret", "overwritten");
                    }),
                    "leads through \"link\"");
        }
    }

    @Test
    void neverWritesThroughALinkThatTakesThePlaceOfAnOpenDirectory() throws Exception {
        sandbox.refuses(
                "app.tar",
                Archives.tar(tar -> {
                    file(tar, "a/b/first", "first");
                    bare(tar, "a/b", TarConstants.LF_SYMLINK, "../../other");
                    file(tar, "a/b/secret", "overwritten");
                }),
                "in the place of another entry");
    }

    @Test
    void neverWritesIntoTheFileBehindALink() throws Exception {
        sandbox.refuses(
                "app.tar",
                Archives.tar(tar -> {
                    bare(tar, "secret", TarConstants.LF_SYMLINK, "../../secret");
                    file(tar, "secret", "overwritten");
                }),
                "in the place of another entry");
        sandbox.refuses(
                "app.zip",
                Archives.zip(zip -> {
                    Archives.link(zip, "secret", "../../secret");
                    Archives.entry(zip, "secret/", UnixStat.DIR_FLAG | 0700, new byte[0]);
                }),
                "leads through \"secret\"");
    }

    @Test
    void refusesHardLinksToAnythingButFilesUnpackedBefore() throws Exception {
        for (String target : new String[] {"missing", "later", "dir", "link", "dir/link/file", "up/secret"}) {
            sandbox.refuses(
                    "app.tar",
                    Archives.tar(tar -> {
                        file(tar, "dir/file", "file");
                        bare(tar, "link", TarConstants.LF_SYMLINK, "dir/file");
                        bare(tar, "dir/link", TarConstants.LF_SYMLINK, ".");
                        bare(tar, "up", TarConstants.LF_SYMLINK, "../other");
                        bare(tar, "hard", TarConstants.LF_LINK, target);
                        file(tar, "later", "later");
                    }),
                    "no file unpacked before it");
        }
        refusesHardLink("../other/secret", "lead out");
        refusesHardLink(sandbox.world().resolve("secret").toString(), "absolute");
    }

    private void refusesHardLink(String target, String reason) throws Exception {
        sandbox.refuses("app.tar", Archives.tar(tar -> bare(tar, "hard", TarConstants.LF_LINK, target)), reason);
    }

    @Test
    void refusesEntriesThatTakeThePlaceOfOthers() throws Exception {
        sandbox.refuses(
                "app.tar",
                Archives.tar(tar -> {
                    file(tar, "a/b", "file");
                    file(tar, "a", "file in the place of a directory");
                }),
                "\"a\" is a file in the place of another entry");
        sandbox.refuses(
                "app.tar",
                Archives.tar(tar -> {
                    file(tar, "a", "file");
                    file(tar, "a/b", "file below a file");
                }),
                "leads through \"a\", which is no directory");
        sandbox.refuses(
                "app.tar",
                Archives.tar(tar -> {
                    file(tar, "a", "file");
                    bare(tar, "a", TarConstants.LF_SYMLINK, "b");
                }),
                "\"a\" is a symbolic link in the place of another entry");
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of((int) TarConstants.LF_CHR, 0020000, "is a device"),
                Arguments.of((int) TarConstants.LF_BLK, 0060000, "is a device"),
                Arguments.of((int) TarConstants.LF_FIFO, 0010000, "is a named pipe"),
                Arguments.of((int) TarConstants.LF_MULTIVOLUME, 0140000, "another volume"),
                Arguments.of((int) 'Q', 0150000, "of a kind that no release holds"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void refusesDevicesPipesAndSockets(int type, int zipMode, String reason) throws Exception {
        sandbox.refuses("app.tar", Archives.tar(tar -> bare(tar, "special", type, "")), reason);
        // In a zip, a pipe is where the packer had the content from.
        if (type != TarConstants.LF_FIFO) {
            sandbox.refuses(
                    "app.zip",
                    Archives.zip(zip -> Archives.entry(zip, "special", zipMode | 0644, new byte[0])),
                    "neither a file nor a directory nor a link");
        }
    }

    @Test
    void refusesSetuidSetgidAndSticky() throws Exception {
        for (int special : new int[] {04755, 02755, 01777, 06755}) {
            sandbox.refuses(
                    "app.tar", Archives.tar(tar -> file(tar, "su", special, new byte[1])), "setuid, setgid or sticky");
            sandbox.refuses("app.tar", Archives.tar(tar -> directory(tar, "d/", special)), "setuid, setgid or sticky");
            sandbox.refuses("app.tar", Archives.tar(tar -> directory(tar, "./", special)), "setuid, setgid or sticky");
            sandbox.refuses(
                    "app.zip",
                    Archives.zip(zip -> Archives.entry(zip, "su", UnixStat.FILE_FLAG | special, new byte[1])),
                    "setuid, setgid or sticky");
        }
    }

    @Test
    void refusesSparseFiles() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("source"));
        Process sparse = new ProcessBuilder(
                        "sh", "-c", "truncate -s 1G hole && tar -Scf a.tar hole && tar --posix -Scf b.tar hole")
                .directory(source.toFile())
                .inheritIO()
                .start();
        assertThat(sparse.waitFor()).isZero();

        sandbox.refuses("app.tar", Files.readAllBytes(source.resolve("a.tar")), "sparse file");
        sandbox.refuses("app.tar", Files.readAllBytes(source.resolve("b.tar")), "sparse file");
    }

    @Test
    void refusesZipsItCannotReadSafely() throws Exception {
        Path source = Files.createDirectory(temporary.resolve("source"));
        Files.write(source.resolve("noise"), Archives.noise(200_000, 5));
        Process zips = new ProcessBuilder(
                        "sh",
                        "-c",
                        "zip -q -P password encrypted.zip noise && zip -q -s 64k split.zip noise"
                                + " && zip -q -Z bzip2 bzip2.zip noise")
                .directory(source.toFile())
                .inheritIO()
                .start();
        assertThat(zips.waitFor()).isZero();

        sandbox.refuses("app.zip", Files.readAllBytes(source.resolve("encrypted.zip")), "is encrypted");
        sandbox.refuses("app.zip", Files.readAllBytes(source.resolve("bzip2.zip")), "packed with method 12");
        sandbox.refuses("app.zip", Files.readAllBytes(source.resolve("split.zip")), "only a part of a split one");
        sandbox.refuses("app.zip", Files.readAllBytes(source.resolve("split.z01")), "only a part of a split one");
    }

    @Test
    void refusesZipContentThatIsNotWhatTheDirectorySays() throws Exception {
        byte[] zip = Archives.zip(out -> {
            out.setMethod(ZipArchiveOutputStream.STORED);
            ZipArchiveEntry entry = new ZipArchiveEntry("stored");
            entry.setSize(3);
            entry.setCrc(0x352441C2L);
            out.putArchiveEntry(entry);
            out.write("abc".getBytes(StandardCharsets.UTF_8));
            out.closeArchiveEntry();
        });

        sandbox.refuses("app.zip", replaced(zip, "abc", "abd"), "checksum is wrong");
    }

    @Test
    void refusesEndlessExtensionHeaders() throws Exception {
        byte[] chain = Archives.tar(tar -> {
            for (int i = 0; i < 20_000; i++) {
                bare(tar, "x", TarConstants.LF_GNUTYPE_LONGNAME, "");
            }
        });
        byte[] huge = Archives.tar(tar -> {
            TarArchiveEntry name = new TarArchiveEntry("x", TarConstants.LF_GNUTYPE_LONGNAME);
            name.setSize(8 << 20);
            tar.putArchiveEntry(name);
            tar.write(Archives.noise(8 << 20, 6));
            tar.closeArchiveEntry();
            file(tar, "file", "");
        });

        sandbox.refuses("app.tar", chain, "more than 8 extension headers");
        sandbox.refuses("app.tar", huge, "headers of one entry are longer");
    }

    /** Decoders that loop over empty parts, or collect a name without end, get no further than this. */
    @Test
    void refusesInputThatNeverBecomesOutput() throws Exception {
        byte[] empty = Archives.gzip(new byte[0]);
        byte[] members = Archives.bytes(out -> {
            for (int i = 0; i < 200_000; i++) {
                out.write(empty);
            }
        });
        byte[] name = new byte[8 << 20];
        Arrays.fill(name, (byte) 'n');
        System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, name, 0, 10);

        sandbox.refuses("app.tar.gz", members, "unpack to nothing");
        sandbox.refuses("app.tar.gz", name, "unpack to nothing");
    }

    private static byte[] replaced(byte[] archive, String search, String replacement) {
        String text = new String(archive, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(search);
        return text.replace(search, replacement).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Puts the right checksum into the first header of a tar. */
    private static byte[] withChecksum(byte[] tar) {
        long sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? ' ' : tar[i] & 0xff;
        }
        byte[] field = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(field, 0, tar, 148, field.length);
        return tar;
    }
}
