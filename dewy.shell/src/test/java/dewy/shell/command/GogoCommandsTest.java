package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.PluginState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands, run by a real Gogo. */
class GogoCommandsTest {
    private static final String USER = System.getProperty("user.name");

    private final ThreadIOImpl threads = new ThreadIOImpl();
    private final CommandProcessorImpl processor = new CommandProcessorImpl(threads);
    private final FixedPlugins plugins = FixedPlugins.of(Samples.strange(PluginState.ACTIVE, 0, ""));
    private final SharedCommands shared = new SharedCommands();

    @BeforeEach
    void start() {
        threads.start();
        shared.agent = FixedAgent.of(Samples.app("web")).with(plugins);
        GogoCommands commands = new GogoCommands(shared);
        functions().forEach(function -> processor.addCommand("dewy", commands, function));
    }

    @AfterEach
    void stop() {
        processor.stop();
        threads.stop();
    }

    @Test
    void areAllThere() throws Exception {
        for (String function : functions()) {
            assertThat(said("dewy:" + function + " --help")).isNotEmpty();
        }
    }

    @Test
    void areAllAnnounced() throws IOException {
        try (InputStream component =
                GogoCommands.class.getResourceAsStream("/OSGI-INF/" + GogoCommands.class.getName() + ".xml")) {
            assertThat(component).isNotNull();
            String announced = new String(component.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(announced.split("[^\\w]+")).contains(functions().toArray(String[]::new));
        }
        assertThat(Arrays.stream(GogoCommands.class.getMethods()).map(Method::getName))
                .containsAll(functions());
    }

    @Test
    void takeASecondWord() throws Exception {
        assertThat(said("dewy:plugin why pager")).isEqualTo("org.example.pager is active.\n");
        assertThat(said("plugin disable org.example.pager")).isEqualTo("org.example.pager is disabled\n");
        assertThat(plugins.asked()).containsExactly("disable org.example.pager for " + USER);
    }

    @Test
    void takeUrlsAndDigestsAsTheyAre() throws Exception {
        String source = "https://example.com/plugins/org.example.pager-1.2.0.jar";
        String digest = "sha256:" + "0f".repeat(32);
        assertThat(said("plugin update " + source + " --digest " + digest)).startsWith(source + " is updated\n");
        assertThat(plugins.asked()).containsExactly("update " + source + " " + digest + " for " + USER);
    }

    /** Returns the commands as they are called at the Gogo prompt. */
    private List<String> functions() {
        return shared.commands().complete(List.of()).stream()
                .map(Candidate::text)
                .map(GogoCommands::function)
                .toList();
    }

    private String said(String line) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), print, print)) {
            session.execute(line);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
