package dewy.archive;

import static dewy.archive.Archives.bare;
import static dewy.archive.Archives.file;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.DewyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Archives with random damage, of the same seed the same: each is unpacked inside its folder or refused with a typed
 * failure.
 */
@Tag("long")
class MutatedArchivesTest {
    private static final int ROUNDS = Boolean.getBoolean("dewy.long") ? 5_000 : 120;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);
    private static final ExtractionLimits LIMITS = new ExtractionLimits(100, 1 << 20, 200, 16 << 20);
    private static final byte[] TAR = Archives.tar(out -> {
        Archives.directory(out, "dir/", 0755);
        file(out, "dir/file", "some text ".repeat(60));
        bare(out, "dir/link", TarConstants.LF_SYMLINK, "../other");
        bare(out, "hard", TarConstants.LF_LINK, "dir/file");
        file(out, "long/" + "name".repeat(40), "long");
        file(out, "other", "other");
    });
    private static final byte[] ZIP = Archives.zip(out -> {
        Archives.entry(out, "dir/", 0040755, new byte[0]);
        file(out, "dir/file", "some text ".repeat(60));
        Archives.link(out, "dir/link", "../other");
        file(out, "other", "other");
    });

    private Sandbox sandbox;

    @BeforeEach
    void makeSandbox(@TempDir Path temporary) throws IOException {
        sandbox = new Sandbox(temporary);
    }

    static Stream<Arguments> archives() {
        UnaryOperator<byte[]> same = bytes -> bytes;
        return Stream.of(
                Arguments.of("app.tar", TAR, same),
                Arguments.of("app.tar.zst", TAR, (UnaryOperator<byte[]>) Archives::zstd),
                Arguments.of("app.zip", ZIP, same),
                Arguments.of("app.tar.gz", Archives.gzip(TAR), same),
                Arguments.of("app.tar.bz2", Archives.bzip2(TAR), same),
                Arguments.of("app.tar.xz", Archives.xz(TAR, 1 << 16), same),
                Arguments.of("app.tar.zst", Archives.zstd(TAR), same));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("archives")
    void staysInTheFolderOrIsRefused(String name, byte[] archive, UnaryOperator<byte[]> packing) throws Exception {
        Random random = new Random(SEED);
        System.out.println("-Ddewy.test.seed=" + SEED);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutated = mutated(archive, random);
            try {
                requireInside(sandbox.unpack(name, packing.apply(mutated), LIMITS));
            } catch (DewyException expected) {
                assertThat(expected.getMessage()).doesNotContain("Exception", "java.", "ArchiveChannel");
                refused++;
            }
        }
        assertThat(refused).isBetween(ROUNDS / 20, ROUNDS);
    }

    private static byte[] mutated(byte[] archive, Random random) {
        byte[] mutated = archive.clone();
        int places = 1 + random.nextInt(4);
        for (int i = 0; i < places; i++) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(6)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(mutated, at, Math.min(mutated.length, at + random.nextInt(16)), (byte) 0xff);
                case 3 -> move(mutated, random);
                case 4 -> insert(mutated, at, random);
                default -> mutated = random.nextInt(8) > 0 ? mutated : Arrays.copyOf(mutated, at + 1);
            }
        }
        if (random.nextInt(4) > 0) {
            repairChecksums(mutated);
        }
        return mutated;
    }

    private static void move(byte[] mutated, Random random) {
        int length = random.nextInt(Math.min(600, mutated.length));
        int from = random.nextInt(mutated.length - length);
        int to = random.nextInt(mutated.length - length);
        System.arraycopy(mutated, from, mutated, to, length);
    }

    private static void insert(byte[] mutated, int at, Random random) {
        String[] nasty = {"../", "/etc/", "..", "\0", "/", "7777777", "link", "2", "1", "5", "3", "\\", "C:"};
        byte[] bytes = nasty[random.nextInt(nasty.length)].getBytes(StandardCharsets.US_ASCII);
        // Where names, kinds and link targets are, in the header of an entry.
        int[] fields = {0, 100, 124, 156, 157, 345};
        int place = random.nextBoolean() ? at : at / 512 * 512 + fields[random.nextInt(fields.length)];
        int length = Math.min(bytes.length, mutated.length); // It may have been cut to a few bytes before.
        System.arraycopy(bytes, 0, mutated, Math.min(place, mutated.length - length), length);
    }

    /** Otherwise few mutations of a tar would get beyond the checksum of its headers. */
    private static void repairChecksums(byte[] tar) {
        for (int header = 0; header + 512 <= tar.length; header += 512) {
            if (new String(tar, header + 257, 5, StandardCharsets.US_ASCII).equals("ustar")) {
                long sum = 8 * ' ';
                for (int i = 0; i < 512; i++) {
                    sum += i >= 148 && i < 156 ? 0 : tar[header + i] & 0xff;
                }
                byte[] field = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(field, 0, tar, header + 148, field.length);
            }
        }
    }

    private static void requireInside(Path folder) throws IOException {
        Path real = folder.toRealPath();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                PosixFileAttributes is =
                        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                assertThat(is.isOther()).as("%s is a special file", path).isFalse();
                assertThat((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07000)
                        .isZero();
                if (is.isSymbolicLink() && Files.exists(path)) {
                    assertThat(path.toRealPath().startsWith(real))
                            .as("%s leads out", path)
                            .isTrue();
                }
            }
        }
    }
}
