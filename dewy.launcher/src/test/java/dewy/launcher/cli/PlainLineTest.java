package dewy.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without picocli means the same as with it. */
class PlainLineTest {
    private static final List<String> WORDS =
            List.of("a", "7", "a=b", "=", "", "-", "--", "-1", "--port", "@x", "a b", "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assets --registry file:///r",
                "server -i 10s --registry=file:///r?a=b -p 80 -p 81 -- app -v --help",
                "server --registry file:///r --stdin-socket -n one -n two -- app",
                "server --registry file:///r --proxy-host a --proxy-x=b --proxy-x c -- app --proxy-y d",
                "assets --dry-run --registry file:///r --",
                "host --config apps.yaml --home /var/dewy"
            })
    void isHowAgentsAreStarted(String line) throws CommandLineException {
        String[] words = line.split(" ", -1);
        assertThat(PlainLine.of(words)).isPresent();
        assertThat(CommandLines.parse(words)).isEqualTo(CommandLines.parseAny(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shell status",
                "assets --registry",
                "assets --registry file:///r more",
                "assets --registry file:///r -- more",
                "assets --registry file:///r --port 80",
                "assets --help",
                "server --registry file:///r -p80 -- app",
                "server --registry file:///r -p=80 -- app",
                "server --registry file:///r --port= -- app",
                "server --registry file:///r --stdin-socket=yes -- app",
                "server --registry --port -- app",
                "server app"
            })
    void leavesTheRestToPicocli(String line) {
        assertThat(PlainLine.of(line.split(" ", -1))).isEmpty();
    }

    @Test
    @Tag("long")
    void meansWhatPicocliTakesItFor() {
        long seed = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + seed);
        Random random = new Random(seed);
        int plain = 0;
        int lines = Boolean.getBoolean("dewy.long") ? 100_000 : 3_000;
        for (int i = 0; i < lines; i++) {
            String[] line = line(random);
            if (PlainLine.of(line).isPresent()) {
                plain++;
                assertThat(outcome(() -> CommandLines.parse(line)))
                        .as("seed %d: %s", seed, Arrays.toString(line))
                        .isEqualTo(outcome(() -> CommandLines.parseAny(line)));
            }
        }
        assertThat(plain).isGreaterThan(300);
    }

    private static String[] line(Random random) {
        List<String> line = new ArrayList<>();
        line.add(List.of("server", "assets", "container", "host").get(random.nextInt(4)));
        int options = random.nextInt(4);
        for (int i = 0; i < options; i++) {
            CommandOption option = CommandOption.ALL.get(random.nextInt(CommandOption.ALL.size()));
            String name = option.names().get(random.nextInt(option.names().size()));
            String value = random.nextInt(3) == 0 ? WORDS.get(random.nextInt(WORDS.size())) : "value";
            if (option.label().isEmpty()) {
                line.add(name);
            } else if (random.nextBoolean()) {
                line.add(name + "=" + value);
            } else {
                line.addAll(List.of(name, value));
            }
        }
        if (random.nextBoolean()) {
            line.addAll(List.of("--registry", "file:///r"));
        }
        if (random.nextBoolean()) {
            line.addAll(List.of("--", WORDS.get(random.nextInt(WORDS.size())), "--port"));
        }
        return line.toArray(String[]::new);
    }

    private interface Reading {
        Invocation read() throws CommandLineException;
    }

    private static String outcome(Reading reading) {
        try {
            return reading.read().toString();
        } catch (CommandLineException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
