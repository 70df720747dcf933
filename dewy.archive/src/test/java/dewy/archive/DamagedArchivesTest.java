package dewy.archive;

import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.DewyException;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedArchivesTest {
    private static final byte[] TAR = Archives.tar(out -> {
        file(out, "bin/app", 0755, Archives.noise(3_000, 7));
        Archives.bare(out, "link", '2', "bin/app");
        file(out, "text", "text\n".repeat(500));
        file(out, "empty", "");
    });
    private static final byte[] ZIP = Archives.zip(out -> {
        Archives.entry(out, "bin/app", 0100755, Archives.noise(3_000, 7));
        Archives.link(out, "link", "bin/app");
        file(out, "text", "text\n".repeat(500));
    });

    private Path temporary;
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        sandbox = new Sandbox(temporary);
    }

    static Stream<Arguments> archives() {
        // The end marker of a tar is two blocks of zeros, filled up to twenty: what is cut off there is not missed.
        int needed = TAR.length;
        while (TAR[needed - 1] == 0) {
            needed--;
        }
        int end = (needed + 511) / 512 * 512;
        return Stream.of(
                Arguments.of("app.tar", TAR, end + 511),
                Arguments.of("app.tar.gz", Archives.gzip(TAR), Integer.MAX_VALUE),
                Arguments.of("app.tar.bz2", Archives.bzip2(TAR), Integer.MAX_VALUE),
                Arguments.of("app.tar.xz", Archives.xz(TAR, 1 << 16), Integer.MAX_VALUE),
                Arguments.of("app.tar.zst", Archives.zstd(TAR), Integer.MAX_VALUE),
                Arguments.of("app.zip", ZIP, Integer.MAX_VALUE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("archives")
    void refusesWhatIsCutOff(String name, byte[] archive, int longest) throws Exception {
        sandbox.unpack(name, archive);
        int last = Math.min(longest, archive.length - 1);
        for (int length = 1; length < last; length += 397) {
            sandbox.refuses(name, Arrays.copyOf(archive, length), "");
        }
        for (int length = Math.max(1, last - 8); length <= last; length++) {
            sandbox.refuses(name, Arrays.copyOf(archive, length), "");
        }
    }

    @Test
    void refusesATarThatEndsBetweenTwoEntries() throws Exception {
        int secondHeader = 512 + 3_072 + 512;
        byte[] plain = Archives.tar(out -> {
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_ERROR);
            file(out, "first", 0644, new byte[3_072]);
            file(out, "second", "second");
        });

        sandbox.refuses("app.tar", Arrays.copyOf(plain, 512 + 3_072), "its end is missing");
        sandbox.refuses("app.tar", Arrays.copyOf(plain, secondHeader), "damaged at or after \"second\"");
        sandbox.refuses("app.tar.gz", Archives.gzip(Arrays.copyOf(plain, 512 + 3_072)), "its end is missing");
    }

    @Test
    void refusesCompressionThatIsCutOffBehindTheEndOfTheTar() throws Exception {
        byte[] followed = Archives.bytes(out -> {
            out.write(TAR);
            out.write(Archives.noise(100_000, 12));
        });
        byte[] packed = Archives.gzip(followed);

        sandbox.unpack("app.tar.gz", packed);
        sandbox.refuses("app.tar.gz", Arrays.copyOf(packed, packed.length - 10), "it is damaged");
    }

    @Test
    void refusesWhatIsEmpty() throws Exception {
        sandbox.refuses("app.tar.gz", new byte[0], "it is empty");
        sandbox.refuses("app.tar", Archives.tar(tar -> {}), "nothing in it");
        sandbox.refuses("app.tar.gz", Archives.gzip(Archives.tar(tar -> {})), "nothing in it");
        sandbox.refuses("app.tar", Archives.tar(tar -> Archives.directory(tar, "./", 0755)), "nothing in it");
        sandbox.refuses("app.zip", Archives.zip(zip -> {}), "nothing in it");
        sandbox.refuses("app.tar.gz", Archives.gzip(new byte[0]), "holds no tar");
    }

    @Test
    void saysWhatAFileIsWhenItIsNotWhatItsNameSays() throws Exception {
        byte[] page = "<!DOCTYPE html><title>Sign in</title>".getBytes(StandardCharsets.US_ASCII);

        sandbox.refuses(
                "app.tar.gz", page, "it is not a gzip file; its first bytes are 3c 21 44 4f 43 54 59 50 (<!DOCTYP)");
        sandbox.refuses("app.tar.gz", ZIP, "(PK......), as those of a zip file");
        sandbox.refuses("app.zip", Archives.gzip(TAR), "as those of a gzip file");
        sandbox.refuses("app.tar", Archives.xz(TAR, 1 << 16), "as those of a xz file");
        sandbox.refuses("app.tar.bz2", TAR, "as those of a tar file");
        sandbox.refuses("app", page, "it is no archive; its first bytes are");
    }

    @Test
    void refusesACompressedFileThatIsNoTar() throws Exception {
        byte[] program = "#!/bin/sh\necho started\n".repeat(100).getBytes(StandardCharsets.US_ASCII);

        sandbox.refuses(
                "app.gz", Archives.gzip(program), "is a gzip file, but holds no tar; what it holds starts with");
        sandbox.refuses("app.xz", Archives.xz(program, 1 << 16), "is a xz file, but holds no tar");
        sandbox.refuses("app.tar.zst", Archives.zstd(new byte[100]), "is a zstd file, but holds no tar");
        sandbox.refuses("app.tar.gz", Archives.gzip(Archives.gzip(TAR)), "is a gzip file, but holds no tar");
    }

    @Test
    void noticesOneChangedByteByTheChecksumOfTheCompression() throws Exception {
        for (byte[] archive : new byte[][] {Archives.gzip(TAR), Archives.bzip2(TAR), Archives.xz(TAR, 1 << 16)}) {
            byte[] changed = archive.clone();
            changed[changed.length / 2] ^= 1;

            sandbox.refuses("app", changed, "");
        }
    }

    @Test
    void noticesAChangedHeaderByItsChecksum() throws Exception {
        byte[] changed = TAR.clone();
        String text = new String(changed, StandardCharsets.ISO_8859_1);
        changed[text.indexOf("text")] = 'T';

        sandbox.refuses("app.tar", changed, "a header in it is damaged: its checksum is wrong");
    }

    @Test
    void tellsAMissingArchiveFromADamagedOne() throws Exception {
        StorageException missing = catchThrowableOfType(
                StorageException.class,
                () -> sandbox.unpack("app.tar.gz", temporary.resolve("missing"), ExtractionLimits.DEFAULT));

        assertThat(missing).hasMessageEndingWith("missing: it does not exist");
    }

    @Test
    void blamesTheDiskWhenTheArchiveCannotBeRead() throws Exception {
        DewyException unreadable = catchThrowableOfType(
                DewyException.class,
                () -> sandbox.unpack("app.tar.gz", temporary.resolve("world"), ExtractionLimits.DEFAULT));

        assertThat(unreadable).isInstanceOf(StorageException.class).hasMessageContaining("Is a directory");
    }
}
