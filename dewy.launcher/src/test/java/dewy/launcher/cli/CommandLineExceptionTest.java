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

    @Test
    void namesWhatStandsBehindTheOptionsAsTheLineHasIt() {
        InvalidException e = InvalidException.of(
                new Problem("use the options", "of container", "some are wrong", ""),
                List.of(new Mistake("run", "--rm is not taken"), new Mistake("run", "--bogus is no option")));
        assertThat(CommandLineException.of("container", e))
                .hasMessageStartingWith("cannot use what stands behind --: --rm is not taken; what stands behind --:");
    }
}
