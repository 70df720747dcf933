package dewy.launcher.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.bundle.PluginCapability;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleIndexTest {
    private static final IndexedBundle LIBRARY =
            new IndexedBundle("lib", "1.2.3", "lib/", List.of(), List.of(), "p;version=\"1.2\";uses:=\"q, r\",q");
    private static final IndexedBundle PLUGIN = new IndexedBundle(
            "acme.tape",
            "1.0.0",
            "tape.jar",
            List.of(
                    new PluginCapability("registry", List.of("tape", "card")),
                    new PluginCapability("artifact", List.of("tape"))),
            List.of("lib"),
            "");

    @Test
    void isReadAsItWasWritten() throws InvalidException {
        BundleIndex read =
                BundleIndex.parse(BundleIndex.of(List.of(PLUGIN, LIBRARY)).text());
        assertThat(read.bundles()).containsExactly(PLUGIN, LIBRARY);
        assertThat(read.bundle("acme.tape").orElseThrow().isPlugin()).isTrue();
        assertThat(read.bundle("lib").orElseThrow().isPlugin()).isFalse();
        assertThat(read.exports()).isEqualTo(LIBRARY.exports());
        assertThat(read.needs(PLUGIN)).containsExactly(LIBRARY);
    }

    @Test
    void isTheSameTextForTheSameBundles() {
        assertThat(BundleIndex.of(List.of(LIBRARY, PLUGIN)).text())
                .isEqualTo(BundleIndex.of(List.of(PLUGIN, LIBRARY)).text())
                .isEqualTo(
                        """
                        acme.tape 1.0.0 tape.jar
                          offers registry tape,card
                          offers artifact tape
                          needs lib
                        lib 1.2.3 lib/
                          exported p;version="1.2";uses:="q, r",q
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|not 3 words",
                "a 1|not 3 words in \"a 1\"",
                "a 1 a.jar b|not 3 words",
                "a 1 a.jar~  wants b|neither offers nor needs nor exported in \"  wants b\"",
                "a 1 a.jar~  needs|neither offers nor needs",
                "a 1 a.jar~  needs b c|not 2 words",
                "a 1 a.jar~  offers registry|not 3 words",
                "a 1 a.jar~  needs b|a needs b, which is not there",
                "a 1 a.jar~a 2 b.jar|there are two bundles a",
            })
    void isRefusedWhenMalformedWithWhatIsWrong(String text, String why) {
        assertThatThrownBy(() -> BundleIndex.parse(text.replace('~', '\n')))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Cannot read bundles/index: " + why)
                .hasMessageContaining("The jar is damaged");
    }

    @Test
    void holdsNothingThatCouldNotBeReadAgain() {
        for (String name : List.of("", "a b", "a\nb", "a\tb")) {
            assertThatThrownBy(() -> new IndexedBundle(name, "1", "a.jar", List.of(), List.of(), ""))
                    .isInstanceOf(IllegalArgumentException.class);
            List<PluginCapability> offers = List.of(new PluginCapability("registry", List.of(name)));
            assertThatThrownBy(() -> new IndexedBundle("a", "1", "a.jar", offers, List.of(), ""))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
