package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginCommandsTest {
    private static final String DIGEST = "sha256:" + "0f".repeat(32);
    private static final String OFFERS =
            """
            KIND      SCHEME  BUNDLE             VERSION  STATE   CHOSEN  USED BY  ORIGIN
            notifier  pager   org.example.pager  1.2.0    active  no      -        pager-1.2.0.jar
            """;

    private final FixedPlugins plugins = FixedPlugins.of(
            Samples.plugin("cache", true, "web", "docs"),
            Samples.plugin("registry", false),
            Samples.strange(PluginState.DISABLED, 0, ""));

    @Test
    void listsPluginsInColumns() {
        assertSays(
                run("plugins"),
                0,
                """
                KIND      SCHEME     BUNDLE              VERSION  STATE     CHOSEN  USED BY    ORIGIN
                cache     file, zip  dewy.cache.file     0.1.0    active    yes     web, docs  launcher
                registry  file, zip  dewy.registry.file  0.1.0    active    no      -          launcher
                notifier  pager      org.example.pager   1.2.0    disabled  no      -          pager-1.2.0.jar
                """);
    }

    @Test
    void listsRankingsOnceThereAreAny() {
        assertSays(
                run(
                        FixedPlugins.of(Samples.plugin("cache", true), Samples.strange(PluginState.ACTIVE, -5, "")),
                        "plugins"),
                0,
                """
                KIND      SCHEME     BUNDLE             VERSION  STATE   RANKING  CHOSEN  USED BY  ORIGIN
                cache     file, zip  dewy.cache.file    0.1.0    active  0        yes     -        launcher
                notifier  pager      org.example.pager  1.2.0    active  -5       no      -        pager-1.2.0.jar
                """);
    }

    @Test
    void saysBelowTheListWhyAPluginIsRefused() {
        FixedPlugins odd = FixedPlugins.of(
                Samples.unknown("It needs\nthe package org.example.odd."),
                Samples.unknown("It needs\nthe package org.example.odd."),
                Samples.strange(PluginState.REFUSED, 0, "It is disabled."));
        assertSays(
                run(odd, "plugins"),
                0,
                """
                KIND      SCHEME  BUNDLE             VERSION  STATE    CHOSEN  USED BY  ORIGIN
                -         -       org.example.odd    0.0.0    refused  no      -        odd.jar
                -         -       org.example.odd    0.0.0    refused  no      -        odd.jar
                notifier  pager   org.example.pager  1.2.0    refused  no      -        pager-1.2.0.jar

                org.example.odd 0.0.0, odd.jar: It needs the package org.example.odd.
                org.example.pager 1.2.0, pager-1.2.0.jar: It is disabled.
                """);
        assertThat(commands(odd).run("plugins", List.of(), Samples.TERMINAL).text())
                .contains("\u001b[31mrefused\u001b[0m", "\u001b[31morg.example.odd 0.0.0, odd.jar: It needs");
    }

    @Test
    void namesOnlyTheFirstOfManyUsers() {
        FixedPlugins busy = FixedPlugins.of(Samples.plugin("cache", true, "a", "b", "c", "d", "e"));
        assertThat(run(busy, "plugins").text()).contains("  a, b, c and 2 more  ");
        assertThat(run(busy, "plugin", "info", "file").text()).contains("Used by  a, b, c, d, e\n");
    }

    @Test
    void showsEverythingAboutAPlugin() {
        assertSays(
                run("plugin", "info", "dewy.cache.file"),
                0,
                """
                Bundle   dewy.cache.file
                Version  0.1.0
                Kind     cache
                Schemes  file, zip
                State    active
                Ranking  0
                Chosen   yes
                Used by  web, docs
                Origin   launcher
                """);
        assertSays(
                run(FixedPlugins.of(Samples.unknown("It is odd.")), "plugin", "info", "org.example.odd"),
                0,
                """
                Bundle   org.example.odd
                Version  0.0.0
                State    refused
                Problem  It is odd.
                Ranking  0
                Chosen   no
                Origin   odd.jar
                """);
    }

    @Test
    void showsAllPluginsThatAnswerToAScheme() {
        assertThat(run("plugin", "info", "zip").text())
                .startsWith("Bundle   dewy.cache.file\n")
                .contains("\n\nBundle   dewy.registry.file\n");
    }

    @Test
    void saysWhyAPluginIsNotInUse() {
        assertSays(run("plugin", "why", "pager"), 0, "org.example.pager is disabled.\n");
        assertSays(run("plugin", "why", "file"), 0, "dewy.cache.file is active.\ndewy.registry.file is active.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"install", "update"})
    void bringsAJarInTheNameOfWhoeverAsks(String verb) {
        String done = verb.replaceFirst("e?$", "ed");
        assertSays(run("plugin", verb, "/srv/a b.jar"), 0, "/srv/a b.jar is " + done + "\n\n" + OFFERS);
        assertSays(
                run("plugin", verb, "https://example.com/a.jar", "--digest", DIGEST),
                0,
                "https://example.com/a.jar is " + done + "\n\n" + OFFERS);
        assertThat(plugins.asked())
                .containsExactly(
                        verb + " /srv/a b.jar for alice", verb + " https://example.com/a.jar " + DIGEST + " for alice");
    }

    @Test
    void passesOnTheDigestOfAFileToo() {
        run("plugin", "install", "--digest=" + DIGEST, "/a.jar");
        assertThat(plugins.asked()).containsExactly("install /a.jar " + DIGEST + " for alice");
    }

    @Test
    void endsARefusedPluginWithTheReason() {
        assertSays(
                run("plugin", "update", FixedPlugins.REFUSED),
                1,
                "Cannot update the plugin /bad.jar: it offers nothing. The plugin before is in use\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jar", "./a.jar", "../a.jar", "~/a.jar", "http://example.com/a.jar", "file:///a.jar", ""})
    void takesNothingButAbsolutePathsAndHttps(String source) {
        Commands.Answer answer = run("plugin", "install", source);
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text())
                .startsWith(
                        "cannot run plugin install: \"" + source + "\" is neither an absolute path, as the agent may be"
                                + " in another folder, nor an https URL")
                .contains("$PWD/plugin.jar");
        assertThat(plugins.asked()).isEmpty();
    }

    @Test
    void asksForTheDigestOfAUrl() {
        assertSays(
                run("plugin", "install", "HTTPS://example.com/a.jar"),
                1,
                "cannot run plugin install: a plugin from a URL needs its digest, as --digest sha256:<hex>."
                        + " Try: plugin install --help\n");
        assertThat(plugins.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:0f", "md5:" + "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f", "nonsense", ""})
    void refusesWhatIsNoDigest(String digest) {
        assertSays(
                run("plugin", "update", "/a.jar", "--digest", digest),
                1,
                "cannot run plugin update: \"" + digest + "\" is no digest: it is neither sha256 nor sha512."
                        + " Try: plugin update --help\n");
        assertThat(plugins.asked()).isEmpty();
    }

    @Test
    void asksWhichJarIsMeant() {
        assertSays(
                run("plugin", "install"),
                1,
                "cannot run plugin install: name the jar, by its absolute path or by its https URL."
                        + " Try: plugin install --help\n");
    }

    @Test
    void changesAPluginByItsNameOrItsScheme() {
        assertSays(run("plugin", "disable", "dewy.cache.file"), 0, "dewy.cache.file is disabled\n");
        assertSays(run("plugin", "enable", "pager"), 0, "org.example.pager is enabled\n");
        assertSays(run("plugin", "remove", "pager"), 0, "org.example.pager is removed\n");
        assertThat(plugins.asked())
                .containsExactly(
                        "disable dewy.cache.file for alice",
                        "enable org.example.pager for alice",
                        "remove org.example.pager for alice");
    }

    @Test
    void goesBackToTheVersionBeforeAndSaysHowToGoForward() {
        assertSays(
                run("plugin", "rollback", "pager"),
                0,
                "org.example.pager is back at 1.2.0; the same command again goes forward\n\n" + OFFERS);
        assertThat(plugins.asked()).containsExactly("rollback org.example.pager for alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback", "enable", "disable", "remove"})
    void changesNoPluginThatIsNotTheOnlyOneMeant(String verb) {
        assertSays(
                run("plugin", verb, "file"),
                1,
                "cannot run plugin " + verb + ": several plugins answer to file, name one of dewy.cache.file,"
                        + " dewy.registry.file. Try: plugin " + verb + " --help\n");
        assertThat(plugins.asked()).isEmpty();
    }

    @Test
    void takesTwoVersionsOfABundleForOnePlugin() {
        PluginStatus pager = Samples.strange(PluginState.ACTIVE, 0, "");
        FixedPlugins twice = FixedPlugins.of(pager, pager);
        assertSays(run(twice, "plugin", "disable", "pager"), 0, "org.example.pager is disabled\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "why", "rollback", "enable", "disable", "remove"})
    void guessesWhichPluginWasMeant(String verb) {
        String failed = "cannot run plugin " + verb + ": ";
        String help = " Try: plugin " + verb + " --help\n";
        String all = "dewy.cache.file, dewy.registry.file, org.example.pager, file, zip, pager.";
        assertSays(
                run("plugin", verb, "pagre"), 1, failed + "there is no plugin \"pagre\"; did you mean pager?" + help);
        assertSays(
                run("plugin", verb, "frobnicate"),
                1,
                failed + "there is no plugin \"frobnicate\"; there are " + all + help);
        assertSays(run("plugin", verb), 1, failed + "name a plugin, one of " + all + help);
        assertThat(plugins.asked()).isEmpty();
    }

    @Test
    void listsWhatCanBeDoneToPlugins() {
        Commands.Answer help = run("help", "plugin");
        assertThat(help.exitCode()).isZero();
        assertThat(help.text().lines().map(line -> line.split(" {2,}", 2)[0]))
                .startsWith(
                        "COMMAND",
                        "plugin info NAME",
                        "plugin why NAME",
                        "plugin install JAR",
                        "plugin update JAR",
                        "plugin rollback NAME",
                        "plugin enable NAME",
                        "plugin disable NAME",
                        "plugin remove NAME");
        assertThat(run("plugin", "--help")).isEqualTo(help);
        assertThat(run("plugin", "-h")).isEqualTo(help);
        assertThat(run("help", "dewy:plugin")).isEqualTo(help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugin", "plugin -x why pager"})
    void asksWhatIsToBeDoneToAPlugin(String line) {
        Commands.Answer answer = run(line.split(" ", -1));
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.text())
                .isEqualTo(
                        "plugin needs one of info, why, install, update, rollback, enable, disable, remove right behind it."
                                + " Try: help plugin\n");
    }

    @Test
    void guessesWhatWasToBeDoneToAPlugin() {
        assertSays(
                run("plugin", "instal", "/a.jar"),
                1,
                "there is no command \"plugin instal\"; did you mean plugin install?\n");
        assertThat(run("plugin", "frobnicate").text())
                .startsWith("there is no command \"plugin frobnicate\"; there are plugin info,");
        assertSays(run("plugn"), 1, "there is no command \"plugn\"; did you mean plugin?\n");
        assertThat(run("help", "plugin", "instal").text()).contains("did you mean plugin install?");
    }

    @Test
    void refusesAnArgumentTooMany() {
        assertSays(
                run("plugin", "why", "pager", "file"),
                1,
                "cannot run plugin why: it does not take \"file\". Try: plugin why --help\n");
    }

    private Commands.Answer run(String... words) {
        return run(plugins, words);
    }

    private static Commands.Answer run(FixedPlugins plugins, String... words) {
        return commands(plugins).run(words[0], List.of(words).subList(1, words.length), Samples.SCRIPT);
    }

    private static Commands commands(FixedPlugins plugins) {
        FixedAgent agent = FixedAgent.of().with(plugins);
        return new Commands(Host.local(() -> Optional.of(agent), Optional::empty));
    }

    private static void assertSays(Commands.Answer answer, int exitCode, String text) {
        assertThat(answer.text()).isEqualTo(text);
        assertThat(answer.exitCode()).isEqualTo(exitCode);
    }
}
