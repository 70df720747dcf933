package dewy.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class PluginUrlTest {
    @Test
    void saysHowAFolderIsWritten() {
        assertThatThrownBy(() -> PluginUrl.parse("/srv/releases?slot=x"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("A folder is written file:///srv/releases");
        assertThatThrownBy(() -> PluginUrl.parse("srv/releases")).hasMessageContaining("scheme://place");
    }

    @Test
    void showsNothingOfAPasswordThatHoldsAQuestionMark() {
        for (String text : List.of("https://user:p?ss@h", "https://user:p?ss@h/%zz", "https://user:p?s=s@h?a=%zz")) {
            assertThatThrownBy(() -> PluginUrl.parse(text))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("\"https://***@…\"");
        }
    }

    @Test
    void showsNothingOfAValueThatHoldsAnAtSign() {
        assertThatThrownBy(() -> PluginUrl.parse("slack://general?token=ab%zz@cd"))
                .hasMessageContaining("\"slack://***@…\"");
        assertThatThrownBy(() -> PluginUrl.parse("https://user:p@h/r?token=%zz"))
                .hasMessageContaining("\"https://***@h/r?…\"");
    }

    @Test
    void isNamedWithOneColon() throws InvalidException {
        Problem problem = Problem.of("use the URL", PluginUrl.parse("slack"), "the channel is missing", "");
        assertThat(problem.sentence()).isEqualTo("Cannot use the URL slack: the channel is missing");
    }
}
