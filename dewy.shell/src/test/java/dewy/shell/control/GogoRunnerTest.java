package dewy.shell.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other bundles' commands, run by a real Gogo. */
class GogoRunnerTest {
    private final ThreadIOImpl threads = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threads);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Commands of somebody else. */
    public static final class Others {
        public String show(String argument) {
            return "<" + argument + ">";
        }

        public void fail() {
            throw new IllegalStateException("it is broken");
        }
    }

    @BeforeEach
    void start() {
        threads.start();
        processor.addCommand("other", new Others(), "show");
        processor.addCommand("other", new Others(), "fail");
    }

    @AfterEach
    void stop() {
        processor.stop();
        threads.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "7",
                "",
                " ",
                "two words",
                "it's",
                "\"quoted\"",
                "$HOME",
                "${x}",
                "$(fail)",
                "(fail)",
                "{fail}",
                "a;fail",
                "a|fail",
                "a&&fail",
                "# comment",
                "back\\slash",
                "\\",
                "\\n",
                "'",
                "''",
                "\\'",
                "two\nlines",
                "tab\there",
                "größe 日本 \ud83d\ude80",
                "<in",
                ">out",
                "a=b",
                "*",
                "~",
                "[1 2]",
                "%1",
                "%",
                "50%",
                ".",
                "..",
                "007",
                "1.50",
                "true",
                "null",
                "a:b@c,d+e",
                "-x"
            })
    void takesArgumentsAsTheyAre(String argument) {
        assertThat(run("other:show", argument)).isZero();
        assertThat(said()).isEqualTo("<" + argument + ">\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show;fail", "$x", "(fail)", "", "a b", "other:", "1"})
    void refusesWhatIsNoNameOfACommand(String name) {
        assertThat(run(name)).isEqualTo(1);
        assertThat(said()).isEqualTo("\"" + name + "\" is no name of a command\n");
    }

    @Test
    void saysThatThereIsNoSuchCommand() {
        assertThat(run("nothing")).isEqualTo(1);
        assertThat(said()).startsWith("nothing: ").contains("not found");
    }

    @Test
    void saysWhyACommandFailed() {
        assertThat(run("other:fail")).isEqualTo(1);
        assertThat(said()).isEqualTo("other:fail: it is broken\n");
    }

    private int run(String... command) {
        return new GogoRunner(processor).run(List.of(command), out);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
