package dewy.archive;

import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every limit lets pass what it says, and not one more. */
class ExtractionLimitsTest {
    private static final ExtractionLimits DEFAULT = ExtractionLimits.DEFAULT;
    private static final int MIB = 1 << 20;

    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        sandbox = new Sandbox(temporary);
    }

    @Test
    void hasTheDocumentedDefaults() {
        assertThat(DEFAULT).isEqualTo(new ExtractionLimits(100_000, 17_179_869_184L, 200, 134_217_728L));
        assertThatThrownBy(() -> new ExtractionLimits(0, 1, 1, 1024)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExtractionLimits(1, 0, 1, 1024)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExtractionLimits(1, 1, 0, 1024)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ExtractionLimits(1, 1, 1, 1023)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitsEntriesAndTheDirectoriesTheyImply() throws Exception {
        byte[] tar = Archives.tar(out -> {
            Archives.directory(out, "listed/", 0755);
            file(out, "listed/one", "");
            file(out, "implied/too/two", "");
            Archives.bare(out, "three", TarConstants.LF_SYMLINK, "listed");
        });
        byte[] zip = Archives.zip(out -> {
            for (int i = 0; i < 6; i++) {
                file(out, "file" + i, "");
            }
        });

        sandbox.unpack("app.tar", tar, entries(6));
        sandbox.refuses("app.tar", tar, entries(5), "more than 5 entries");
        sandbox.unpack("app.zip", zip, entries(6));
        sandbox.refuses("app.zip", zip, entries(5), "more than 5 entries");
    }

    @Test
    void limitsRepeatedEntriesToo() throws Exception {
        byte[] tar = Archives.tar(out -> {
            for (int i = 0; i < 100; i++) {
                file(out, "again", "");
                Archives.directory(out, "./", 0755);
            }
        });

        sandbox.unpack("app.tar", tar, entries(200));
        sandbox.refuses("app.tar", tar, entries(199), "more than 199 entries");
    }

    @Test
    void refusesTheEntryAfterTheHundredThousandth() throws Exception {
        byte[] entry = Arrays.copyOf(Archives.tar(out -> plainDirectory(out, "./")), 512);
        byte[] bomb = Archives.gzip(Archives.bytes(out -> {
            for (int i = 0; i < 100_001; i++) {
                out.write(entry);
            }
        }));

        sandbox.refuses("app.tar.gz", bomb, "more than 100,000 entries");
    }

    @Test
    void limitsTheBytesWritten() throws Exception {
        byte[] tar = Archives.tar(out -> {
            file(out, "a", new byte[70_000]);
            file(out, "b", new byte[30_000]);
        });
        byte[] zip = Archives.zip(out -> {
            Archives.entry(out, "a", 0, new byte[70_000]);
            Archives.entry(out, "b", 0, new byte[30_000]);
        });

        sandbox.unpack("app.tar", tar, bytes(100_000));
        sandbox.refuses("app.tar", tar, bytes(99_999), "more than 99,999 bytes");
        sandbox.unpack("app.zip", zip, bytes(100_000));
        sandbox.refuses("app.zip", zip, bytes(99_999), "more than 99,999 bytes");
    }

    @Test
    void limitsTheBytesThatAreUnpackedAndNotWritten() throws Exception {
        byte[] tar = Archives.tar(out -> file(out, "a", "a"));
        byte[] followed = Archives.bytes(out -> {
            out.write(tar);
            out.write(new byte[200_000]);
        });

        sandbox.unpack("app.tar.gz", Archives.gzip(followed), bytes(followed.length));
        sandbox.refuses("app.tar.gz", Archives.gzip(followed), bytes(200_000), "more than 200,000 bytes");
    }

    @Test
    void limitsTheRatioBeyondWhatSmallArchivesMayUnpackTo() throws Exception {
        byte[] small = zeros(63);
        byte[] bomb = zeros(65);

        assertThat(64L * MIB / small.length).isGreaterThan(500);
        sandbox.unpack("app.tar.gz", small);
        sandbox.refuses("app.tar.gz", bomb, "more than 200 times its size");
    }

    @Test
    void letsTheRatioBeReachedExactly() throws Exception {
        int unpacked = 65 * MIB + 1536;
        int ratio = 64;
        byte[] packed = zeros(65);

        assertThat(unpacked % ratio).isZero();
        sandbox.unpack("app.tar.gz", padded(packed, unpacked / ratio), ratio(ratio));
        sandbox.refuses(
                "app.tar.gz", padded(packed, unpacked / ratio - 1), ratio(ratio), "more than 64 times its size");
    }

    @Test
    void limitsTheRatioOfZips() throws Exception {
        byte[] bomb = Archives.zip(out -> {
            for (int i = 0; i < 65; i++) {
                Archives.entry(out, "zeros" + i, 0, new byte[MIB]);
            }
        });

        sandbox.refuses("app.zip", bomb, "more than 200 times its size");
        sandbox.unpack("app.zip", bomb, ratio(2_000));
    }

    private static ExtractionLimits entries(int entries) {
        return new ExtractionLimits(entries, DEFAULT.bytes(), DEFAULT.ratio(), DEFAULT.decoderMemory());
    }

    private static ExtractionLimits bytes(long bytes) {
        return new ExtractionLimits(DEFAULT.entries(), bytes, DEFAULT.ratio(), DEFAULT.decoderMemory());
    }

    private static ExtractionLimits ratio(int ratio) {
        return new ExtractionLimits(DEFAULT.entries(), DEFAULT.bytes(), ratio, DEFAULT.decoderMemory());
    }

    private static void plainDirectory(TarArchiveOutputStream out, String name) throws IOException {
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_ERROR);
        Archives.directory(out, name, 0755);
    }

    /** A tar.gz with a file of so many MiB of zeros: its header, its content, its end marker. */
    private static byte[] zeros(int mebibytes) throws IOException {
        byte[] member = Archives.gzip(new byte[MIB]);
        TarArchiveEntry entry = new TarArchiveEntry("zeros");
        entry.setSize((long) mebibytes * MIB);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        return Archives.bytes(out -> {
            out.write(Archives.gzip(header));
            for (int i = 0; i < mebibytes; i++) {
                out.write(member);
            }
            out.write(Archives.gzip(new byte[1024]));
        });
    }

    /** Appends an empty gzip member, with a name that makes the archive as long as wanted. */
    private static byte[] padded(byte[] archive, int length) {
        byte[] empty = Archives.gzip(new byte[0]);
        empty[3] = 8;
        return Archives.bytes(out -> {
            out.write(archive);
            out.write(empty, 0, 10);
            out.write("n".repeat(length - archive.length - empty.length - 1).getBytes(StandardCharsets.US_ASCII));
            out.write(0);
            out.write(empty, 10, empty.length - 10);
        });
    }
}
