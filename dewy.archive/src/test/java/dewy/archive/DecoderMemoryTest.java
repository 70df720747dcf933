package dewy.archive;

import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZInputStream;

/** An archive never brings the heap to its end: children exit at once with status 3 if it does. */
class DecoderMemoryTest {
    private static final int MIB = 1 << 20;
    private static final byte[] TAR = Archives.tar(out -> file(out, "file", Archives.noise(10_000, 8)));

    private Path temporary;
    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        sandbox = new Sandbox(temporary);
    }

    @Test
    void limitsTheDictionaryOfXz() throws Exception {
        byte[] archive = Archives.xz(TAR, 8 * MIB);
        long needed = neededBy(archive);

        sandbox.unpack("app.tar.xz", archive, memory(needed));
        sandbox.refuses("app.tar.xz", archive, memory(needed - 1), "its xz decoder needs 8,");
    }

    @Test
    void limitsTheWindowOfZstd() throws Exception {
        byte[] archive = withZstdWindow(Archives.zstd(TAR), 27);

        sandbox.unpack("app.tar.zst", archive, ExtractionLimits.DEFAULT);
        sandbox.refuses("app.tar.zst", archive, memory(128 * MIB - 1), "zstd window is larger than 134,217,727 bytes");
    }

    @Test
    void refusesHostileDictionarySizesBeforeItAllocatesThem() throws Exception {
        sandbox.refuses("app.tar.xz", withXzDictionary(Archives.xz(TAR, MIB), 36), "more than 134,217,728");
        sandbox.refuses("app.tar.xz", withXzDictionary(Archives.xz(TAR, MIB), 40), "it is damaged");
        for (int log : new int[] {28, 31, 41}) {
            sandbox.refuses("app.tar.zst", withZstdWindow(Archives.zstd(TAR), log), "zstd window is larger");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-Xmx64m, -XX:+UseG1GC, false",
        "-Xmx64m, -XX:+UseSerialGC, false",
        "-Xmx96m, -XX:+UseSerialGC, false",
        "-Xmx160m, -XX:+UseG1GC, true",
        "-Xmx160m, -XX:+UseSerialGC, true",
        "-Xmx160m, -XX:+UseParallelGC, true",
    })
    void decodesXzMinusNineWhereTheHeapHasRoomForIt(String heap, String collector, boolean fits) throws Exception {
        Path tar = Files.write(temporary.resolve("app.tar"), TAR);
        Process xz = new ProcessBuilder("xz", "-9", tar.toString()).inheritIO().start();
        assertThat(xz.waitFor()).isZero();

        String said = ChildJvm.plain()
                .options(heap, collector)
                .run(UnpackMain.class, temporary, temporary.resolve("app.tar.xz"), temporary.resolve("release"));

        if (fits) {
            assertThat(said).isEqualTo("unpacked\nexit 0");
        } else {
            assertThat(said)
                    .startsWith("StorageException: Cannot unpack app: its xz decoder needs 67,2")
                    .contains("and the heap has room for")
                    .contains("Start the agent with a larger heap (-Xmx)")
                    .endsWith("exit 0");
        }
    }

    @Test
    void unpacksAGibibyteInASmallHeap() throws Exception {
        Path archive = temporary.resolve("large.tar.gz");
        try (OutputStream out = Files.newOutputStream(archive)) {
            byte[] content = Archives.gzip(Arrays.copyOf(Archives.noise(MIB, 9), 16 * MIB));
            for (int i = 0; i < 64; i++) {
                out.write(Archives.gzip(header("file" + i, 16 * MIB)));
                out.write(content);
            }
            out.write(Archives.gzip(new byte[1024]));
        }

        String said = ChildJvm.plain()
                .options("-Xmx64m")
                .run(UnpackMain.class, temporary, archive, temporary.resolve("release"), "delete");

        assertThat(said).isEqualTo("unpacked\ndeleted\nexit 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sparse map", "many keys", "gzip name", "long link"})
    void refusesHeadersThatWouldFillTheHeap(String kind) throws Exception {
        String said = unpackInSmallHeap(hostileHeaders(kind));

        assertThat(said).startsWith("CorruptException: ").endsWith("exit 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 100, 400})
    void readsATableOfContentsThatWouldFillTheHeapNoFurtherThanItsLimit(int extraLength) throws Exception {
        int entries = (64 << 20) / (47 + extraLength);

        String said = unpackInSmallHeap(zipDirectory(entries, extraLength));

        assertThat(said)
                .startsWith("CorruptException: Cannot unpack app: it has more than 100,000 entries")
                .endsWith("exit 0");
    }

    @Test
    void readsTheTableOfContentsOfManyFilesInASmallHeap() throws Exception {
        byte[] zip = Archives.zip(out -> {
            for (int i = 0; i < 10_000; i++) {
                String name = "a-directory-with-a-name-of-usual-length-" + i % 10 + "/a-directory-in-it-" + i % 3 + "/";
                Archives.entry(out, name, 0040755, new byte[0]);
            }
        });

        assertThat(unpackInSmallHeap(zip)).isEqualTo("unpacked\nexit 0");
    }

    private String unpackInSmallHeap(byte[] archive) throws Exception {
        Path file = Files.write(temporary.resolve("archive"), archive);
        return ChildJvm.plain().options("-Xmx64m").run(UnpackMain.class, temporary, file, temporary.resolve("release"));
    }

    private static byte[] hostileHeaders(String kind) throws IOException {
        StringBuilder text = new StringBuilder();
        switch (kind) {
            case "sparse map" -> {
                for (int i = 0; text.length() < 250_000; i += 2) {
                    text.append(i).append(",1,");
                }
                return pax(record("GNU.sparse.size", "1000000000") + record("GNU.sparse.map", text + "0,0"));
            }
            case "many keys" -> {
                for (int i = 0; text.length() < 2_000_000; i++) {
                    text.append(record(Integer.toString(i, 36), "v"));
                }
                return pax(text.toString());
            }
            case "gzip name" -> {
                byte[] name = new byte[100 * MIB];
                Arrays.fill(name, (byte) 'n');
                System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, name, 0, 10);
                return name;
            }
            default -> {
                byte[] name = new byte[60 * MIB];
                byte[] header = header("x", name.length);
                return Archives.gzip(Archives.bytes(out -> {
                    header[156] = TarConstants.LF_GNUTYPE_LONGLINK;
                    out.write(withChecksum(header));
                    out.write(name);
                }));
            }
        }
    }

    private static byte[] pax(String records) throws IOException {
        byte[] content = records.getBytes(StandardCharsets.UTF_8);
        byte[] header = header("pax", content.length);
        header[156] = TarConstants.LF_PAX_EXTENDED_HEADER_LC;
        return Archives.bytes(out -> {
            out.write(withChecksum(header));
            out.write(Arrays.copyOf(content, (content.length + 511) / 512 * 512));
            out.write(header("file", 0));
            out.write(new byte[1024]);
        });
    }

    private static String record(String key, String value) {
        int rest = key.length() + value.length() + 3;
        int length = rest + String.valueOf(rest).length();
        length = rest + String.valueOf(length).length();
        return length + " " + key + "=" + value + "\n";
    }

    private static byte[] header(String name, long size) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    private static byte[] withChecksum(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        long sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        byte[] field = String.format("%06o\0", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(field, 0, header, 148, field.length);
        return header;
    }

    /** A zip that is nothing but its table of contents: empty files with extra fields of four bytes each. */
    private static byte[] zipDirectory(int entries, int extraLength) {
        int size = entries * (47 + extraLength);
        ByteBuffer zip = ByteBuffer.allocate(30 + size + 22).order(ByteOrder.LITTLE_ENDIAN);
        zip.putInt(0x04034b50).position(30);
        for (int i = 0; i < entries; i++) {
            ByteBuffer entry = ByteBuffer.allocate(47 + extraLength).order(ByteOrder.LITTLE_ENDIAN);
            entry.putInt(0, 0x02014b50)
                    .putShort(28, (short) 1)
                    .putShort(30, (short) extraLength)
                    .put(46, (byte) 'n');
            for (int extra = 47; extra + 4 <= entry.capacity(); extra += 4) {
                entry.putShort(extra, (short) (0x7000 + extra % 0xfff));
            }
            zip.put(entry);
        }
        zip.putInt(0x06054b50).putInt(0).putShort((short) entries).putShort((short) entries);
        return zip.putInt(size).putInt(30).putShort((short) 0).array();
    }

    private static long neededBy(byte[] archive) throws IOException {
        MemoryLimitException tooMuch = catchThrowableOfType(
                MemoryLimitException.class, () -> new XZInputStream(new ByteArrayInputStream(archive), 0).read());
        return (long) tooMuch.getMemoryNeeded() << 10;
    }

    /** Overwrites the dictionary size in the header of the first block: 2^(11 + n/2), times 1.5 for an odd n. */
    private static byte[] withXzDictionary(byte[] archive, int dictionary) {
        int start = 12;
        int end = start + 4 * ((archive[start] & 0xff) + 1) - 4;
        int filter = start + 2;
        assertThat(archive[filter]).as("filter of a block header without sizes").isEqualTo((byte) 0x21);
        archive[filter + 2] = (byte) dictionary;
        CRC32 crc = new CRC32();
        crc.update(archive, start, end - start);
        ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) crc.getValue());
        return archive;
    }

    /** Overwrites the window descriptor of the first frame. */
    private static byte[] withZstdWindow(byte[] archive, int log) {
        assertThat(archive[4] & 0x20).as("single segment flag").isZero();
        archive[5] = (byte) ((log - 10) << 3);
        return archive;
    }

    private static ExtractionLimits memory(long bytes) {
        ExtractionLimits limits = ExtractionLimits.DEFAULT;
        return new ExtractionLimits(limits.entries(), limits.bytes(), limits.ratio(), bytes);
    }
}
