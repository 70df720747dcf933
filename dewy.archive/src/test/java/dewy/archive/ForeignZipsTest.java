package dewy.archive;

import static dewy.archive.ZipBytes.field;
import static dewy.archive.ZipBytes.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zips that are odd and valid: each is unpacked to what unzip unpacks it to. */
class ForeignZipsTest {
    private static final int ZIP64 = 0x0001;
    private static final int UNKNOWN = 0x7777;
    private static final int UNIVERSAL_TIME = 0x5455;
    private static final int OLD_UNIX = 0x5855;
    private static final int NEWER_UNIX = 0x7855;
    private static final int UNICODE_PATH = 0x7075;

    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        sandbox = new Sandbox(temporary);
    }

    @Test
    void takesNoSignatureInATextForARecord() throws Exception {
        String locator = "PK\6\7" + "n".repeat(16);
        byte[] inName = new ZipBytes()
                .entry("PK\6\6aaaa", "first")
                .add()
                .entry(locator, "second")
                .add()
                .end();
        byte[] inExtra = new ZipBytes()
                .entry("file", "third")
                .extra(field(UNKNOWN, locator))
                .add()
                .comment("PK\1\2")
                .end();

        assertThat(sandbox.unpack("app.zip", inName).resolve(locator)).hasContent("second");
        assertThat(sandbox.unpack("app.zip", inExtra).resolve("file")).hasContent("third");
    }

    @Test
    void readsZip64() throws Exception {
        byte[] zip = Archives.zip(out -> {
            out.setUseZip64(Zip64Mode.Always);
            Archives.file(out, "file", "content");
            Archives.file(out, "other", "other");
        });

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(folder.resolve("file")).hasContent("content");
        assertThat(folder.resolve("other")).hasContent("other");
    }

    @Test
    void passesOverExtraFieldsThatItDoesNotUnderstand() throws Exception {
        String odd =
                field(UNKNOWN, "") + field(UNKNOWN, "some data") + field(ZIP64, "short") + field(UNICODE_PATH, "\1");
        byte[] zip = new ZipBytes()
                .entry("odd", "a")
                .extra(odd)
                .localExtra(odd)
                .add()
                .entry("too-long", "b")
                .extra("ab\u00ff\u00ffcut off")
                .localExtra("ab\u00ff\u00ffcut off")
                .add()
                .entry("rest", "c")
                .extra(odd + "abc")
                .localExtra("a")
                .add()
                .end();

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(folder.resolve("odd")).hasContent("a");
        assertThat(folder.resolve("too-long")).hasContent("b");
        assertThat(folder.resolve("rest")).hasContent("c");
    }

    @Test
    void obeysTheExtraFieldThatHasTheNameInUtf8() throws Exception {
        byte[] zip = new ZipBytes()
                .entry("\u0094.txt", "a")
                .extra(unicodePath(1, "\u0094.txt", "\u00f6.txt"))
                .add()
                .entry("of-another-name", "b")
                .extra(unicodePath(1, "renamed", "\u00fc.txt"))
                .add()
                .entry("of-another-version", "c")
                .extra(unicodePath(2, "of-another-version", "\u00fc.txt"))
                .add()
                .entry("in-utf8-anyway", "d")
                .flags(ZipBytes.UTF8)
                .extra(unicodePath(1, "in-utf8-anyway", "\u00fc.txt"))
                .add()
                .end();

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder("\u00f6.txt", "of-another-name", "of-another-version", "in-utf8-anyway");
        sandbox.refuses(
                "app.zip",
                new ZipBytes()
                        .entry("fine", "")
                        .extra(unicodePath(1, "fine", "../secret"))
                        .add()
                        .end(),
                "lead out of the release");
    }

    @Test
    void takesTheModeFromTheSystemThatPackedIt() throws Exception {
        byte[] zip = new ZipBytes()
                .entry("unix", "")
                .of(ZipBytes.UNIX, 0100751 << 16)
                .add()
                .entry("unix-without", "")
                .of(ZipBytes.UNIX, 0)
                .add()
                .entry("unix-in-extra-field", "")
                .of(ZipBytes.UNIX, 0)
                .extra(field(0x756e, number(0) + ZipBytes.word(0100711) + "\0".repeat(8)))
                .add()
                .entry("directory/", "")
                .of(ZipBytes.UNIX, 0100750 << 16)
                .add()
                .entry("pipe", "from a pipe")
                .of(ZipBytes.UNIX, 0010600 << 16)
                .add()
                .entry("dos", "")
                .of(ZipBytes.DOS, 0x20)
                .add()
                .entry("dos-read-only", "")
                .of(ZipBytes.DOS, 0x21)
                .add()
                .entry("dos-directory/", "")
                .of(ZipBytes.DOS, 0x10)
                .add()
                .entry("dos-with-mode", "")
                .of(ZipBytes.DOS, 0100640 << 16)
                .add()
                .entry("dos-with-another", "")
                .of(ZipBytes.DOS, 0100755 << 16)
                .add()
                .end();

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(mode(folder, "unix")).isEqualTo("rwxr-x--x");
        assertThat(mode(folder, "unix-without")).isEqualTo("rw-r--r--");
        assertThat(mode(folder, "unix-in-extra-field")).isEqualTo("rwx--x--x");
        assertThat(mode(folder, "directory")).isEqualTo("rwxr-x---");
        assertThat(folder.resolve("directory")).isDirectory();
        assertThat(mode(folder, "pipe")).isEqualTo("rw-------");
        assertThat(folder.resolve("pipe")).hasContent("from a pipe");
        assertThat(mode(folder, "dos")).isEqualTo("rw-r--r--");
        assertThat(mode(folder, "dos-read-only")).isEqualTo("r--r--r--");
        assertThat(mode(folder, "dos-directory")).isEqualTo("rwxr-xr-x");
        assertThat(mode(folder, "dos-with-mode")).isEqualTo("rw-r-----");
        assertThat(mode(folder, "dos-with-another")).isEqualTo("rw-r--r--");
    }

    @Test
    void takesTheTimeFromWhereItIsToldBest() throws Exception {
        byte[] zip = new ZipBytes()
                .entry("dos", "")
                .time(0x5a45_3e3d)
                .add()
                .entry("dos-without", "")
                .time(0)
                .add()
                .entry("universal", "")
                .localExtra(
                        field(OLD_UNIX, number(3) + number(4)) + field(UNIVERSAL_TIME, "\3" + number(5) + number(6)))
                .add()
                .entry("before-1970", "")
                .localExtra(field(UNIVERSAL_TIME, "\1" + number(-7)))
                .add()
                .entry("old", "")
                .localExtra(field(OLD_UNIX, number(3) + number(4)))
                .add()
                .entry("not-told", "")
                .time(0x5a45_3e3d)
                .localExtra(field(UNIVERSAL_TIME, "\2" + number(5)) + field(NEWER_UNIX, "abcd"))
                .add()
                .end();

        Path folder = sandbox.unpack("app.zip", zip);

        Instant dos = at(LocalDateTime.of(2025, 2, 5, 7, 49, 58));
        assertThat(modified(folder, "dos")).isEqualTo(dos);
        assertThat(modified(folder, "dos-without")).isEqualTo(at(LocalDateTime.of(1979, 12, 31, 0, 0)));
        assertThat(modified(folder, "universal")).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(modified(folder, "before-1970")).isEqualTo(Instant.ofEpochSecond(-7));
        assertThat(modified(folder, "old")).isEqualTo(Instant.ofEpochSecond(4));
        assertThat(modified(folder, "not-told")).isEqualTo(dos);
    }

    @Test
    void keepsTheTargetsOfLinksToTheLetter() throws Exception {
        byte[] zip = new ZipBytes()
                .entry("link", "directory//")
                .of(ZipBytes.UNIX, 0120777 << 16)
                .add()
                .end();

        Path folder = sandbox.unpack("app.zip", zip);

        assertThat(Files.readSymbolicLink(folder.resolve("link")).toString()).isEqualTo("directory//");
    }

    @Test
    void readsAZipThatCouldHaveBeenSplitAndNoneBehindAProgram() throws Exception {
        byte[] marked =
                new ZipBytes().start("PK00").entry("file", "content").add().end();
        byte[] program = new ZipBytes()
                .start("#!/bin/sh\n")
                .entry("file", "content")
                .add()
                .end();

        assertThat(sandbox.unpack("app.zip", marked).resolve("file")).hasContent("content");
        sandbox.refuses("app.zip", program, "it is not a zip file");
    }

    @Test
    void saysWhatIsWrongInAZip() throws Exception {
        byte[] zip = new ZipBytes()
                .entry("first", "")
                .add()
                .entry("file", "content")
                .add()
                .end();

        sandbox.refuses("app.zip", patched(zip, "PK\1\2", "PK\1\3"), "its table of contents is damaged");
        sandbox.refuses(
                "app.zip",
                patched(zip, "PK\5\6\0\0\0\0\2\0\2\0e", "PK\5\6\0\0\0\0\2\0\2\0\1"),
                "its table of contents is damaged");
        sandbox.refuses("app.zip", patched(zip, "PK\5\6", "PK\5\7"), "its table of contents is missing");
        sandbox.refuses(
                "app.zip",
                patched(zip, "PK\5\6\0\0\0\0\2\0\2", "PK\5\6\0\0\0\0\3\0\3"),
                "its table of contents is damaged");
        sandbox.refuses(
                "app.zip",
                patched(zip, "PK\3\4", "PK\3\5"),
                "\"file\" is damaged: it is not where the table of contents says");
    }

    private static byte[] patched(byte[] zip, String search, String replacement) {
        String text = new String(zip, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(search);
        assertThat(at).isNotNegative();
        return (text.substring(0, at) + replacement + text.substring(at + search.length()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String unicodePath(int version, String of, String name) {
        CRC32 crc = new CRC32();
        crc.update(of.getBytes(StandardCharsets.ISO_8859_1));
        String utf8 = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return field(UNICODE_PATH, (char) version + number((int) crc.getValue()) + utf8);
    }

    private static Instant at(LocalDateTime local) {
        return local.atZone(ZoneId.systemDefault()).toInstant();
    }

    private static Instant modified(Path folder, String name) throws IOException {
        return Files.getLastModifiedTime(folder.resolve(name)).toInstant();
    }

    private static String mode(Path folder, String name) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve(name), LinkOption.NOFOLLOW_LINKS));
    }
}
