package dewy.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Blake2bTest {
    @TempDir
    Path folder;

    /** The example of RFC 7693, appendix A. */
    @Test
    void hashesTheExampleOfItsDefinition() {
        assertThat(hash("abc".getBytes(StandardCharsets.US_ASCII), 3))
                .isEqualTo("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                        + "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    }

    @Test
    void hashesWhatIsOfAnyLengthAndComesInAnyPiecesAsB2sumDoes() throws Exception {
        Random random = new Random(1);
        List<String> command = new ArrayList<>(List.of("b2sum"));
        List<String> hashes = new ArrayList<>();
        for (int length = 0; length < 400; length++) {
            byte[] bytes = new byte[length < 390 ? length : length * 997];
            random.nextBytes(bytes);
            Files.write(folder.resolve("f" + length), bytes);
            command.add("f" + length);
            hashes.add(hash(bytes, 1 + random.nextInt(300)) + "  f" + length);
        }
        assertThat(new Signing(folder).run(command.toArray(String[]::new)).lines())
                .containsExactlyElementsOf(hashes);
    }

    private static String hash(byte[] bytes, int piece) {
        Blake2b hash = new Blake2b();
        for (int from = 0; from < bytes.length; from += piece) {
            hash.update(bytes, from, Math.min(piece, bytes.length - from));
        }
        return HexFormat.of().formatHex(hash.digest());
    }
}
