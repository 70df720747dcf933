package dewy.archive;

import static dewy.archive.TarBlocks.pax;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.archive.TarBlocks.Field;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars that are odd and valid: each is unpacked to what GNU tar unpacks it to. */
class ForeignTarsTest {
    private static final Instant TIME = Instant.ofEpochSecond(1_000_000_000);

    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        sandbox = new Sandbox(temporary);
    }

    @Test
    void takesTheLastOfSeveralHeadersThatNameOneFile() throws Exception {
        byte[] tar = new TarBlocks()
                .extension('L', "first\0")
                .extension('L', "second\0")
                .file("name", "a")
                .extension('x', pax("path", "third") + pax("path", "fourth"))
                .file("name", "b")
                .extension('x', pax("path", "dropped"))
                .extension('x', pax("mtime", "5"))
                .file("fifth", "c")
                .extension('x', pax("path", "sixth"))
                .extension('L', "dropped\0")
                .file("name", "d")
                .extension('K', "second\0")
                .extension('K', "fourth\0")
                .header("link", '2', Field.link("name"))
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(folder.resolve("second")).hasContent("a");
        assertThat(folder.resolve("fourth")).hasContent("b");
        assertThat(folder.resolve("fifth")).hasContent("c");
        assertThat(modified(folder.resolve("fifth"))).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(folder.resolve("sixth")).hasContent("d");
        assertThat(folder.resolve("link")).isSymbolicLink().hasContent("b");
        assertThat(folder.toFile().list()).hasSize(5);
    }

    @Test
    void takesTheLastGlobalHeaderForAllThatFollows() throws Exception {
        byte[] tar = new TarBlocks()
                .extension('g', pax("mtime", "5") + pax("path", "dropped"))
                .extension('g', pax("mtime", "7.25"))
                .file("global", "a")
                .extension('x', pax("mtime", "9"))
                .file("own", "b")
                .file("again", "c")
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(modified(folder.resolve("global"))).isEqualTo(Instant.ofEpochSecond(7, 250_000_000));
        assertThat(modified(folder.resolve("own"))).isEqualTo(Instant.ofEpochSecond(9));
        assertThat(modified(folder.resolve("again"))).isEqualTo(Instant.ofEpochSecond(7, 250_000_000));
    }

    @Test
    void readsNumbersHoweverTheyAreWritten() throws Exception {
        byte[] tar = new TarBlocks()
                .header("nobody", '0', Field.owner("\0".repeat(16)), Field.size("          5 "))
                .content("abcde")
                .header("binary", '0', Field.size("\u0080\0\0\0\0\0\0\0\0\0\0\003"), Field.mode("100755 "))
                .content("abc")
                .header("zero", '0', Field.size("\0".repeat(12)), Field.time("\0".repeat(12)))
                .header("before", '0', Field.time("\u00ff".repeat(11) + "\u00fe"))
                .extension('x', pax("size", "000000000000000000000000000004") + pax("mtime", "12.5what follows"))
                .header("pax", '0')
                .content("abcd")
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(folder.resolve("nobody")).hasContent("abcde");
        assertThat(modified(folder.resolve("nobody"))).isEqualTo(TIME);
        assertThat(folder.resolve("binary")).hasContent("abc").isExecutable();
        assertThat(folder.resolve("zero")).isEmptyFile();
        assertThat(modified(folder.resolve("zero"))).isEqualTo(Instant.EPOCH);
        assertThat(modified(folder.resolve("before"))).isEqualTo(Instant.ofEpochSecond(-2));
        assertThat(folder.resolve("pax")).hasContent("abcd");
        assertThat(modified(folder.resolve("pax"))).isEqualTo(Instant.ofEpochSecond(12, 500_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"        ", "0000x44 ", "\u0090\0\0\0\0\0\0\0"})
    void refusesNumbersThatAreNone(String mode) throws Exception {
        sandbox.refuses(
                "app.tar",
                new TarBlocks().header("file", '0', Field.mode(mode)).end(),
                "a header in it is damaged: a number cannot be read");
    }

    @Test
    void refusesSizesThatAreNone() throws Exception {
        sandbox.refuses(
                "app.tar",
                new TarBlocks()
                        .header("file", '0', Field.size("\u00ff".repeat(12)))
                        .end(),
                "its size is negative");
        sandbox.refuses(
                "app.tar",
                new TarBlocks()
                        .header(
                                "file",
                                '0',
                                Field.size("\u0080\0\0\0" + "\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"))
                        .end(),
                "its size is beyond all measure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7 path", "99 path=x\n", "9 path=xy", "x path=y\n", "9 pathxyz\n"})
    void refusesPaxHeadersThatAreNone(String records) throws Exception {
        sandbox.refuses(
                "app.tar",
                new TarBlocks().extension('x', records).file("file", "").end(),
                "a pax header in it is damaged");
    }

    @Test
    void takesNothingButFilesForThoseWithContent() throws Exception {
        byte[] tar = new TarBlocks()
                .header("label", 'V', TarBlocks.size("label"))
                .content("label")
                .file("file", "content")
                .header("hard", '1', Field.link("file"), TarBlocks.size("content"))
                .extension('x', pax("size", "7"))
                .header("hard-pax", '1', Field.link("file"))
                .header("link", '2', Field.link("file"), TarBlocks.size("content"))
                .header("directory/", '5', Field.mode("0000755"), TarBlocks.size("content"))
                .header("old-directory/", '0', Field.mode("0000755"), TarBlocks.size("content"))
                .header("dumped/", 'D', Field.mode("0000755"), TarBlocks.size("Yfile\0"))
                .content("Yfile\0")
                .file("last", "last")
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(Files.isSameFile(folder.resolve("hard"), folder.resolve("file")))
                .isTrue();
        assertThat(Files.isSameFile(folder.resolve("hard-pax"), folder.resolve("file")))
                .isTrue();
        assertThat(folder.resolve("link")).isSymbolicLink();
        assertThat(folder.resolve("directory")).isEmptyDirectory();
        assertThat(folder.resolve("old-directory")).isEmptyDirectory();
        assertThat(folder.resolve("dumped")).isEmptyDirectory();
        assertThat(folder.resolve("last")).hasContent("last");
        assertThat(folder.resolve("label")).doesNotExist();
    }

    @Test
    void readsNamesAsTheyAreMeant() throws Exception {
        byte[] tar = new TarBlocks()
                .extension('L', "until\0here")
                .file("name", "zero")
                .header("name", '0', Field.prefix("ustar"))
                .header("gnu", '0', Field.magic("ustar  \0"), Field.prefix("no prefix"))
                .header("old", '0', Field.magic("\0".repeat(8)), Field.prefix("no prefix"))
                .extension('L', "unknown \uFFFD")
                .file("name", "replacement")
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(folder.resolve("until")).hasContent("zero");
        assertThat(folder.resolve("ustar/name")).isEmptyFile();
        assertThat(folder.resolve("gnu")).isEmptyFile();
        assertThat(folder.resolve("old")).isEmptyFile();
        assertThat(folder.resolve("unknown \uFFFD")).hasContent("replacement");
    }

    @Test
    void keepsTheTargetsOfLinksToTheLetter() throws Exception {
        byte[] tar = new TarBlocks()
                .header("slash", '2', Field.link("directory/"))
                .header("slashes", '2', Field.link("directory//deeper/"))
                .header("plain", '2', Field.link("./directory/../directory"))
                .extension('x', pax("linkpath", "directory///"))
                .header("directory/deeper/pax", '2', Field.link("dropped"))
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(target(folder.resolve("slash"))).isEqualTo("directory/");
        assertThat(target(folder.resolve("slashes"))).isEqualTo("directory//deeper/");
        assertThat(target(folder.resolve("plain"))).isEqualTo("./directory/../directory");
        assertThat(target(folder.resolve("directory/deeper/pax"))).isEqualTo("directory///");
        sandbox.refuses(
                "app.tar",
                new TarBlocks().header("out", '2', Field.link("..//other/")).end(),
                "is a symbolic link to \"..//other/\" that leads out of the release");
    }

    @Test
    void leavesTheOwnerTheRightToRead() throws Exception {
        byte[] tar = new TarBlocks()
                .header("none", '0', Field.mode("0000000"))
                .header("odd", '0', Field.mode("0000142"))
                .header("directory/", '5', Field.mode("\0".repeat(8)))
                .end();

        Path folder = sandbox.unpack("app.tar", tar);

        assertThat(mode(folder.resolve("none"))).isEqualTo("r--------");
        assertThat(mode(folder.resolve("odd"))).isEqualTo("r-xr---w-");
        assertThat(mode(folder.resolve("directory"))).isEqualTo("r-x------");
    }

    @Test
    void showsWhatIsNotUtf8WithoutGuessingWhatItIs() throws Exception {
        sandbox.refuses(
                "app.tar",
                new TarBlocks().header("caf\u00e9/\u00c3\u00bc", '0').end(),
                "\"caf\\xe9/\u00fc\" is a name that is not UTF-8");
        sandbox.refuses(
                "app.tar",
                new TarBlocks().header("link", '2', Field.link("caf\u00e9")).end(),
                "\"caf\\xe9\" is a name that is not UTF-8");
    }

    @Test
    void refusesSparseFilesHoweverTheyAreMarked() throws Exception {
        sandbox.refuses("app.tar", new TarBlocks().header("file", 'S').end(), "\"file\" is a sparse file");
        for (String record : new String[] {pax("GNU.sparse.major", "1"), pax("GNU.sparse.size", "60000000000")}) {
            sandbox.refuses(
                    "app.tar",
                    new TarBlocks().extension('x', record).file("file", "").end(),
                    "\"file\" is a sparse file");
        }
    }

    @Test
    void passesOverWhatIsOptionalInGzip() throws Exception {
        byte[] tar = new TarBlocks().file("file", "content").end();
        byte[] plain = Archives.gzip(tar);
        String everything = "\u001f\u008b\b\u001e\0\0\0\0\0\0" + "\7\0ab\u00ff\u00ffxyz" + "app.tar\0" + "a comment\0";
        byte[] header = (everything + crc16(everything)).getBytes(StandardCharsets.ISO_8859_1);
        byte[] odd = joined(header, Arrays.copyOfRange(plain, 10, plain.length));

        assertThat(sandbox.unpack("app.tar.gz", odd).resolve("file")).hasContent("content");
        assertThat(sandbox.unpack("app.tar.gz", joined(odd, new byte[5_000])).resolve("file"))
                .hasContent("content");

        header[header.length - 1]++;
        sandbox.refuses(
                "app.tar.gz",
                joined(header, Arrays.copyOfRange(plain, 10, plain.length)),
                "the checksum of its header is wrong");
        plain[3] = 0x20;
        sandbox.refuses("app.tar.gz", plain, "a kind that nobody has defined");
        sandbox.refuses("app.tar.gz", joined(odd, new byte[] {'x'}), "followed by something that is not gzip");
    }

    private static String crc16(String bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return "" + (char) (crc.getValue() & 0xff) + (char) (crc.getValue() >> 8 & 0xff);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return Archives.bytes(out -> {
            out.write(first);
            out.write(second);
        });
    }

    private static Instant modified(Path path) throws IOException {
        return Files.getLastModifiedTime(path).toInstant();
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String target(Path link) throws IOException {
        return Files.readSymbolicLink(link).toString();
    }
}
