package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.notifier.slack.SlackStandIn;
import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One life of an app, word for word, as the log, Slack, a mail server and a web hook are told of it at once. */
@Timeout(300)
class OneLifeIT {
    private static final String SERVER = "#!/bin/sh\nexec sleep 300\n";
    private static final String BAD_SERVER = "#!/bin/sh\necho no database at db.internal >&2\nexit 4\n";
    private static final String BEFORE = "echo checking $DEWY_VERSION; case $DEWY_VERSION in v1.1.0) "
            + "echo 'the \"staging\" schema is older' >&2; exit 3;; esac";
    private static final String AFTER = "case $DEWY_VERSION in v1.2.0) echo no smoke >&2; exit 1;; esac";

    @TempDir
    Path folder;

    private final SlackStandIn slack = new SlackStandIn();
    private final HttpStandIn hook = new HttpStandIn();
    private int mail;
    private int mails;

    OneLifeIT() throws IOException {
        hook.answer(asked -> Answer.of(204, ""));
    }

    @BeforeEach
    void choosePorts() throws IOException {
        mail = ServerProgram.freePort();
        mails = ServerProgram.freePort();
    }

    @AfterEach
    void close() throws IOException {
        slack.close();
        hook.close();
    }

    @Test
    void isToldInTheWordsOfTheGoldenFiles() throws Exception {
        try (ServerProgram unused = mailpit()) {
            List<String> log = live();
            compare("life.log", log);
            compare("life.slack", slack.posted("deploys"));
            compare("life.mail", mails());
            compare("life.webhook", hook.asked.stream().map(Asked::body).toList());
        }
    }

    private void compare(String name, List<String> told) throws IOException {
        String user = System.getProperty("user.name");
        List<String> same = Normal.of(told, folder).stream()
                .map(line -> line.replaceAll("\"(id|deployment)\":\"[^\"]*\"", "\"$1\":\"ID\"")
                        .replaceAll("^(Deployment: +).*", "$1ID")
                        .replaceAll("^(Duration: +).*", "$1LENGTH")
                        .replaceAll("^(Version: +)\\d.*", "$1VERSION")
                        .replaceAll("\\bby " + user + "\\b", "by USER")
                        .replace("\"actor\":\"" + user + "\"", "\"actor\":\"USER\"")
                        // Whether the folder is seen to change before it is polled is chance.
                        .replace("\"cause\":\"change\"", "\"cause\":\"poll\""))
                .toList();
        GoldenFile.of(name).compare(same);
    }

    /**
     * Start, hooks before and after that end well and that do not, a registry that is away, a version that does not start, an
     * archive that is no good, a way back, the end.
     */
    private List<String> live() throws Exception {
        Registry registry = Registry.in(folder.resolve("registry"));
        registry.publishScript("v1.0.0", SERVER);
        try (AgentProcess agent = start(registry)) {
            agent.await("Deployment completed");
            registry.publishScript("v1.1.0", SERVER);
            agent.await("Deployment completed");
            registry.publishScript("v1.2.0", SERVER);
            agent.await("Deployment completed");
            Path away = Files.move(registry.folder(), folder.resolve("away"));
            agent.await("Failures no longer notified");
            Files.move(away, registry.folder());
            agent.await("Deploy recovered");
            registry.publishScript("v1.3.0", BAD_SERVER);
            agent.await("Release quarantined");
            registry.publish("v1.4.0", Map.of("app", SERVER, "../escaped.html", "bad"));
            agent.await("Release quarantined");
            assertThat(ask("rollback")).contains("deployed: v1.1.0");
            assertThat(agent.stop()).isZero();
            return notifications(agent.output());
        }
    }

    private AgentProcess start(Registry registry) throws IOException {
        Path app = Files.createDirectories(folder.resolve("web"));
        List<String> arguments = new ArrayList<>(List.of("server", "--registry", registry.url(), "-i", "1"));
        arguments.addAll(List.of("-f", "json", "-l", "debug", "-d", app.toString(), "--ready-time", "500ms"));
        arguments.addAll(List.of("--before-deploy-hook", BEFORE, "--after-deploy-hook", AFTER));
        arguments.addAll(List.of("--notifier", "log:", "--notifier", "slack://deploys", "--notifier"));
        arguments.add(
                "smtp://127.0.0.1:" + mail + "/night@example.com,day@example.com?tls=false&from=dewy@example.com");
        arguments.addAll(List.of("--notifier", "webhook:?url=env:LIFE_HOOK", "--", "current/app"));
        Map<String, String> environment = new HashMap<>(slack.environment());
        environment.put("LIFE_HOOK", hook.address() + "/life");
        return AgentProcess.start(folder, List.of("-Xmx96m"), environment, arguments.toArray(String[]::new));
    }

    private String ask(String command) throws Exception {
        try (AgentProcess process =
                AgentProcess.start(folder, "shell", "-d", folder.resolve("web").toString(), command)) {
            assertThat(process.exitCode()).as(process.output()).isZero();
            return process.output();
        }
    }

    private ServerProgram mailpit() throws Exception {
        Path program = ServerProgram.require("mailpit");
        return ServerProgram.start(
                folder,
                folder.resolve("mailpit.log"),
                mail,
                List.of(
                        program.toString(),
                        "--listen",
                        "127.0.0.1:" + mails,
                        "--smtp",
                        "127.0.0.1:" + mail,
                        "--database",
                        folder.resolve("mailpit.db").toString(),
                        "--disable-version-check"));
    }

    /** Returns the words that the notifier log: was told, in their order. */
    private static List<String> notifications(String output) {
        return output.lines().filter(line -> line.contains("\"Notification\"")).toList();
    }

    /** Returns the texts of all mails, the first one first. */
    private List<String> mails() throws Exception {
        List<String> lines = new ArrayList<>();
        List<MatchResult> ids = new ArrayList<>(Pattern.compile("\"ID\":\"([^\"]+)\"")
                .matcher(ask(URI.create("http://127.0.0.1:" + mails + "/api/v1/messages?limit=200")))
                .results()
                .toList());
        Collections.reverse(ids);
        for (MatchResult id : ids) {
            ask(URI.create("http://127.0.0.1:" + mails + "/view/" + id.group(1) + ".txt"))
                    .lines()
                    .forEach(lines::add);
            lines.add("----");
        }
        return lines;
    }

    private static String ask(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }
}
