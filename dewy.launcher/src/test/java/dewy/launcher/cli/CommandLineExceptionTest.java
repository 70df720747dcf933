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
        InvalidException wrong = InvalidException.of(
                Problem.of("use the URL", "process:", "all of it is wrong", ""),
                List.of(
                        new Mistake("port", "port=99999: it is no port"),
                        new Mistake("stop-timeout", "stop-timeout=soon is no time")));
        assertThat(CommandLineException.of("server", wrong).getMessage())
                .startsWith("cannot use --port: 99999: it is no port; --stop-timeout: soon is no time\n");
    }
}
