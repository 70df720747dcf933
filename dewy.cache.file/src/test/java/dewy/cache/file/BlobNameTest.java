package dewy.cache.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlobNameTest {
    @ParameterizedTest
    @CsvSource({
        "v1.2.3--app_linux_amd64.tar.gz, v1.2.3--app_linux_amd64.tar.gz",
        "v1.0.0+build@7--a=b.zip, v1.0.0+build@7--a=b.zip",
        "release/v1--app.tgz, release%2Fv1--app.tgz",
        "../x--y, %2E.%2Fx--y",
        ".hidden--x, %2Ehidden--x",
        "a b--%2F~, a%20b--%252F%7E",
        "ü--x, %C3%BC--x",
        "current, %63urrent",
        "current.host.app, %63urrent.host.app",
        "currently--x, currently--x",
        "v1--x.digest, v1--x.digest~",
        "'', ~"
    })
    void isTheKeyAsFarAsAFileMayBeCalledSo(String key, String name) {
        assertThat(BlobName.of(key)).isEqualTo(name);
    }

    @Test
    void isShortEnoughForAFileAndWhatStandsBesideIt() {
        String start = "v1--" + "x".repeat(300);

        assertThat(BlobName.of(start + "a")).hasSize(200).startsWith("v1--xxx").isNotEqualTo(BlobName.of(start + "b"));
        assertThat(BlobName.of("x".repeat(200))).isEqualTo("x".repeat(200));
        assertThat(BlobName.of("x".repeat(201))).hasSize(200);
    }

    @Test
    void differsFromKeyToKey() {
        String cut = BlobName.of("x".repeat(250));
        List<String> keys = List.of("a/b", "a%2Fb", "x.digest", "x.digest~", "", "~", cut, "x".repeat(250));

        assertThat(Stream.concat(keys.stream(), Stream.of("current", "%63urrent"))
                        .map(BlobName::of))
                .doesNotHaveDuplicates();
    }
}
