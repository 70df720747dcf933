package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.notifier.slack.SlackStandIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the log says and what people are told, word for word, as a server goes through all that may happen to it. What is
 * told by threads of its own is compared on its own, since only the order within it is certain.
 */
@Timeout(240)
class MessagesIT {
    private static final String SERVER = "#!/bin/sh\nexec sleep 300\n";
    private static final String BAD_SERVER = "#!/bin/sh\necho no database at db.internal >&2\nexit 4\n";
    private static final String BEFORE = "echo checking $DEWY_VERSION; case $DEWY_VERSION in v1.2.0) "
            + "echo 'the \"staging\" schema is older' >&2; exit 3;; esac";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void areThoseOfTheGoldenFiles(String format) throws Exception {
        try (SlackStandIn slack = new SlackStandIn()) {
            List<String> log = Normal.of(live(slack, format), folder);
            GoldenFile.of("log." + format).compare(sections(log));
            GoldenFile.of("slack").compare(Normal.of(slack.posted("deploys"), folder));
            GoldenFile.of("slack-quiet").compare(Normal.of(slack.posted("alerts"), folder));
        }
    }

    /** A first deployment, an upgrade, a hook that fails, a registry that is away, a version that is no good, the end. */
    private List<String> live(SlackStandIn slack, String format) throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = start(registry, slack, format)) {
            await(agent, "Deployment completed", 1);
            registry.publishScript("v1.1.0", SERVER);
            await(agent, "Deployment completed", 2);
            await(agent, "Server stopped", 1);
            registry.publishScript("v1.2.0", SERVER);
            await(agent, "Deployment completed", 3);
            await(agent, "Server stopped", 2);

            Path away = Files.move(registry.folder(), folder.resolve("away"));
            await(agent, "Failures no longer notified", 1);
            await(agent, "Deploy still failing", 3);
            Files.move(away, registry.folder());
            await(agent, "Deploy recovered", 1);

            registry.publishScript("v1.3.0", BAD_SERVER);
            await(agent, "Release quarantined", 1);
            await(agent, "v1.3.0 is left out", 1);
            assertThat(agent.stop()).isZero();
            return agent.output().lines().toList();
        }
    }

    private AgentProcess start(Registry registry, SlackStandIn slack, String format) throws IOException {
        Path app = Files.createDirectories(folder.resolve("web"));
        List<String> arguments =
                new ArrayList<>(List.of("server", "--registry", "file://" + registry.folder(), "-i", "200ms"));
        arguments.addAll(List.of("-f", format, "-l", "debug", "-d", app.toString(), "--ready-time", "500ms"));
        arguments.addAll(List.of("--before-deploy-hook", BEFORE, "--after-deploy-hook", "echo $DEWY_VERSION serves"));
        arguments.addAll(List.of("--notifier", "log:", "--notifier", "slack://deploys?thread=true"));
        arguments.addAll(List.of("--notifier", "slack://alerts?quiet=true", "--", "current/app"));
        return AgentProcess.start(folder, List.of("-Xmx96m"), slack.environment(), arguments.toArray(String[]::new));
    }

    /** Waits until the log, in whichever format, holds the words in as many records at least. */
    private static void await(AgentProcess agent, String words, int times) throws InterruptedException {
        Releases.await(
                () -> agent.output()
                                .lines()
                                .filter(line -> line.contains(words))
                                .count()
                        >= times,
                () -> words + " " + times + " times:\n" + agent.output());
    }

    private static List<String> sections(List<String> log) {
        Predicate<String> debug = line -> line.matches(".*level\"?[=:]\"?DEBUG.*");
        Predicate<String> notified = line -> line.contains("\"Notification\"");
        Predicate<String> server = line -> line.matches(".*\\b(generation|restart_in)\\b.*");
        Predicate<String> written = line -> line.matches(".*msg\"?[=:]\"no database.*");
        List<String> sections = new ArrayList<>();
        sections.add("# Whatever is done, in its order");
        sections.addAll(select(log, debug.or(notified).or(server).or(written).negate()));
        sections.add("# The server");
        sections.addAll(select(log, server.and(debug.negate())));
        sections.add("# The notifier log:");
        sections.addAll(select(log, notified));
        sections.add("# What the server wrote");
        sections.addAll(select(log, written));
        sections.add("# Debugging, each once, without what depends on time");
        sections.addAll(
                select(log, debug.and(notified.negate()).and(line -> line.matches(".*(still failing|left out).*")))
                        .stream()
                        .distinct()
                        .toList());
        return sections;
    }

    private static List<String> select(List<String> lines, Predicate<String> wanted) {
        return lines.stream().filter(wanted).toList();
    }
}
