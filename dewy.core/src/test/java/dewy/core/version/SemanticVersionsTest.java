package dewy.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemanticVersionsTest {
    private final SemanticVersions versions = new SemanticVersions();

    @Test
    void ordersAsTheSpecificationDoes() {
        List<String> ascending = List.of(
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "v1.0.0",
                "1.2.0",
                "v1.10.0",
                "2.0.0",
                "v10.0.0",
                "99999999999999999999.0.0",
                "100000000000000000000.0.0");
        for (int i = 1; i < ascending.size(); i++) {
            assertThat(parse(ascending.get(i - 1)))
                    .as("%s before %s", ascending.get(i - 1), ascending.get(i))
                    .isLessThan(parse(ascending.get(i)));
        }
    }

    @Test
    void ignoresBuildMetadataInPrecedenceAndTellsIt() {
        assertThat(parse("1.0.0+blue")).isEqualByComparingTo(parse("v1.0.0+green"));
        assertThat(parse("1.0.0-rc.1+blue.7").build()).isEqualTo("blue.7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v",
                "1",
                "1.2",
                "1.2.3.4",
                "01.2.3",
                "1.2.3-01",
                "1.2.3-",
                "1.2.3+",
                "latest",
                "1.2.x",
                " 1.2.3"
            })
    void refusesWhatIsNoVersion(String tag) {
        assertThat(versions.parse(tag)).isEmpty();
    }

    private Version parse(String tag) {
        return versions.parse(tag).orElseThrow();
    }
}
