package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.InvalidException;
import dewy.api.InvalidException.Mistake;
import dewy.api.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineExceptionTest {
    @Test
    void speaksOfOptionsNotOfParameters() {
        String why = "port=99999: \"99999\" is not a port; stop-timeout=soon is no time";
        InvalidException wrong = InvalidException.of(
                Problem.of("use the URL", "process:", why, ""),
                List.of(new Mistake("port", "port=99999: it is no port"), new Mistake("stop-timeout", "soon")));
        assertThat(CommandLineException.of("server", wrong).getMessage())
                .startsWith("cannot use --port, --stop-timeout: 99999: \"99999\" is not a port; soon is no time");
    }
}
