package dewy.api.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumLineTest {
    private static final String LONG_HEX = "0123456789abcdef".repeat(8);
    private static final String HEX = "0123456789abcdef".repeat(4);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEX  app.tar.gz",
                "HEX *app.tar.gz",
                "HEX  ./app.tar.gz",
                "HEX  dist/app.tar.gz",
                "HEX *dist\\app.tar.gz",
                "HEX\tapp.tar.gz",
                "HEX app.tar.gz",
                "\\HEX  app.tar.gz",
                "SHA256 (app.tar.gz) = HEX",
                "SHA256(app.tar.gz)= HEX",
                "SHA2-256(dist/app.tar.gz)= HEX"
            })
    void readsTheFormsThatToolsWrite(String form) throws Exception {
        ChecksumLine line = ChecksumLine.parse(form.replace("HEX", HEX), false).orElseThrow();

        assertThat(line.isAbout("app.tar.gz")).isTrue();
        assertThat(line.isAbout("pp.tar.gz")).isFalse();
        assertThat(line.digest()).hasValue(Digest.parse("sha256:" + HEX));
    }

    @Test
    void readsSha512() {
        assertThat(ChecksumLine.parse(LONG_HEX + "  a", false).orElseThrow().digest())
                .hasValue(new Digest("sha512", LONG_HEX));
        assertThat(ChecksumLine.parse("SHA512 (a) = " + LONG_HEX, false)
                        .orElseThrow()
                        .digest())
                .hasValue(new Digest("sha512", LONG_HEX));
    }

    @Test
    void readsNamesWithBlanks() {
        assertThat(ChecksumLine.parse(HEX + "  my app.tar.gz", false)
                        .orElseThrow()
                        .isAbout("my app.tar.gz"))
                .isTrue();
    }

    @Test
    void readsBareDigestsOnlyWhereTheyBelongToOneArtifact() {
        assertThat(ChecksumLine.parse(HEX, true)).isPresent();
        assertThat(ChecksumLine.parse(HEX, false)).isEmpty();
    }

    @Test
    void passesOverAlgorithmsThatAreNotChecked() {
        assertThat(ChecksumLine.parse("MD5 (app.tar.gz) = 9dd4e461268c8034f5c8564e155c67a6", false))
                .hasValueSatisfying(line -> assertThat(line.digest()).isEmpty());
    }
}
