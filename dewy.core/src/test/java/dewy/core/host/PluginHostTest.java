package dewy.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dewy.api.CorruptException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.control.CycleOutcome.Kind;
import dewy.api.control.Operation;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import dewy.api.release.Digest;
import dewy.core.host.scripted.ScriptedPlugin;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

@Timeout(60)
class PluginHostTest {
    private static final String NAME = "test.notifier";

    @TempDir
    Path folder;

    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        host = new TestHost(folder.resolve("home"));
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
    }

    @Test
    void startsAPluginOfTheFolderOnlyWhenAnAppNamesItsScheme() throws Exception {
        restartWith(BundleJar.of("1.0.0"));
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.AVAILABLE);
        assertThat(host.bundles(NAME)).allMatch(bundle -> bundle.getState() < Bundle.STARTING);
        assertThat(host.plugins().why(NAME))
                .containsExactly(
                        "test.notifier 1.0.0 (notifier:test) is at hand and not started, because no app names it.");

        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
        PluginStatus status = host.only(NAME);
        assertThat(status.state()).isEqualTo(PluginState.ACTIVE);
        assertThat(status.users()).containsExactly("web");
        assertThat(status.chosen()).isTrue();
        assertThat(host.plugins().why("test")).containsExactly("test.notifier 1.0.0 (notifier:test) is used by web.");
    }

    @Test
    void startsTheNewestVersionAndTheOneBeforeWhenThatDoesNotStart() throws Exception {
        restartWith(BundleJar.of("1.0.0"), BundleJar.of("1.2.0").that("throw-in-start"), BundleJar.of("1.1.0"));
        assertThat(host.user("web").history()).isEqualTo("opened by 1.1.0");
    }

    @Test
    void saysWhatIsKnownAndHowToAddWhatIsMissing() throws Exception {
        restartWith(BundleJar.of("1.0.0"));
        assertThatThrownBy(() -> host.user("web", "pager"))
                .isInstanceOf(InvalidException.class)
                .hasMessage("Cannot use the notifier pager: no plugin answers to \"pager\". Known are: test. "
                        + "Another one is added by putting its jar into " + host.folder());
    }

    @Test
    void doesNotStartAgainWhatSomebodyStopped() throws Exception {
        restartWith(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        host.bundles(NAME).get(0).stop();
        assertThat(web.history()).isEmpty();
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.STOPPED);
        host.bundles(NAME).get(0).start();
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.0.0");
    }

    @Test
    void installsAPluginForThisAgentAndThoseToCome() throws Exception {
        Path jar = BundleJar.of("1.0.0").writeTo(folder.resolve("elsewhere/some.jar"));
        assertThat(host.plugins().install(jar.toString(), Optional.empty(), "me"))
                .extracting(PluginStatus::state)
                .containsExactly(PluginState.ACTIVE);
        assertThat(host.folder().resolve("test.notifier-1.0.0.jar")).hasSameBinaryContentAs(jar);
        assertThat(host.told("plugin.installed")).singleElement().asString().contains("test.notifier 1.0.0");
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void showsAsOperationsWhatChangesPlugins() throws Exception {
        String jar = BundleJar.of("1.0.0")
                .writeTo(folder.resolve("elsewhere/some.jar"))
                .toString();
        assertThatThrownBy(() -> host.plugins().update("/nowhere.jar", Optional.empty(), "me"))
                .isInstanceOf(NotFoundException.class);
        var offers = host.plugins().install(jar, Optional.empty(), "you");
        host.plugins().remove(offers.get(0).bundle(), "me");
        assertThat(host.operations.all())
                .extracting(
                        Operation::what, each -> each.outcome().orElseThrow().outcome())
                .containsExactly(
                        tuple(Operation.What.PLUGIN_REMOVE, Kind.DONE),
                        tuple(Operation.What.PLUGIN_INSTALL, Kind.DONE),
                        tuple(Operation.What.PLUGIN_UPDATE, Kind.FAILED));
        Operation installed = host.operations.all().get(1);
        assertThat(installed.plugin()).contains(jar);
        assertThat(installed.actor()).isEqualTo("you");
    }

    @Test
    void movesAppsToAPluginThatIsBetter() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        install(BundleJar.of("0.1.0").named("vendor.notifier").ranked(5));
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 0.1.0");
        install(BundleJar.of("9.0.0").named("other.notifier").ranked(3));
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 0.1.0");
        assertThat(host.plugins().why("other.notifier"))
                .singleElement()
                .asString()
                .contains("comes after another one of a higher ranking");
    }

    @Test
    void handsOverToANewerVersionAndRemovesTheOneBefore() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        TestHost.User shop = host.user("shop");
        WeakReference<ClassLoader> before = classes(host.bundles(NAME).get(0));
        update(BundleJar.of("1.1.0"));
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0");
        assertThat(shop.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0");
        assertThat(host.bundles(NAME))
                .extracting(bundle -> bundle.getVersion().toString())
                .containsExactly("1.1.0");
        assertThat(host.folder()).isDirectoryNotContaining("glob:**1.0.0*");
        assertThat(host.told("plugin.updated")).hasSize(1);
        awaitCollected(before);
    }

    static Stream<Arguments> badUpdates() {
        BundleJar next = BundleJar.of("1.1.0");
        return Stream.of(
                Arguments.of(
                        "lacks a package",
                        next.importing("com.example.pager;version=\"[1.2,2)\""),
                        "it needs the package com.example.pager from version 1.2.0 below 2.0.0, which nobody offers"),
                Arguments.of(
                        "lacks a version of a package",
                        next.importing("dewy.api.bundle;version=\"[7,8)\""),
                        "which nobody offers in that version (there is 0.1.0 of org.apache.felix.framework)"),
                Arguments.of("throws", next.that("throw-in-start"), "it does not like this host"),
                Arguments.of("hangs in its start", next.that("hang-in-start"), "does not come back; it hangs in"),
                Arguments.of("hangs when it opens", next.that("hang-in-open"), "does not come back; it hangs in"),
                Arguments.of("refuses the URL of an app", next.that("refuse-the-url"), "this version wants more of it"),
                Arguments.of("is ill", next.that("be-ill"), "it is not well"),
                Arguments.of("does not adopt", next.that("refuse-to-adopt-for-web"), "this app is too much"),
                Arguments.of(
                        "has no way back",
                        next.that("write-format-2"),
                        "hands over in format 2, which test.notifier 1.0.0 cannot take back"),
                Arguments.of("is older", BundleJar.of("0.9.0"), "test.notifier 0.9.0 is older than 1.0.0"),
                Arguments.of("is the same", BundleJar.of("1.0.0"), "test.notifier 1.0.0 is there already"),
                Arguments.of(
                        "is of another kind",
                        next.offering("registry", "test"),
                        "which is no dewy.api.registry.RegistryProvider"),
                Arguments.of(
                        "answers to other schemes",
                        next.offering("notifier", "other"),
                        "it does not offer notifier:test, which is used by shop, web"),
                Arguments.of(
                        "lies about its scheme",
                        next.registering("notifier", "other"),
                        "it registers notifier:other, which its manifest does not declare"),
                Arguments.of(
                        "offers nothing", next.registering("notifier", ""), "it declares notifier:test and does not"),
                Arguments.of(
                        "is no plugin",
                        next.with("Provide-Capability", "some.thing"),
                        "declares no capability dewy.plugin"),
                Arguments.of("is another bundle", next.named("vendor.notifier"), "there is no version of it yet"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badUpdates")
    void staysWithTheOneBeforeWhenAnUpdate(String what, BundleJar bad, String reason) throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User shop = host.user("shop");
        TestHost.User web = host.user("web");
        assertThatThrownBy(() -> update(bad)).as(what).hasMessageContaining(reason);
        assertThat(host.told("plugin.change_refused"))
                .singleElement()
                .asString()
                .contains(reason);
        assertThat(shop.history()).startsWith("opened by 1.0.0").doesNotEndWith("1.1.0");
        assertThat(web.history()).startsWith("opened by 1.0.0").doesNotEndWith("1.1.0");
        assertThat(host.plugins().list())
                .filteredOn(status -> status.state() != PluginState.REFUSED)
                .extracting(PluginStatus::version)
                .containsExactly("1.0.0");
        assertThat(host.folder()).isDirectoryContaining("glob:**test.notifier-1.0.0.jar");
        update(BundleJar.of("1.2.0"));
        assertThat(web.history()).endsWith("adopted by 1.2.0");
    }

    @Test
    void staysWithTheOneBeforeWhenAJarIsDamaged() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        Path jar = BundleJar.of("1.1.0").writeTo(folder.resolve("next.jar"));
        byte[] bytes = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> host.plugins().update(jar.toString(), Optional.empty(), "me"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Cannot install " + jar);
        assertThat(web.history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void takesNoJarWithAnotherDigest() throws Exception {
        Path jar = BundleJar.of("1.0.0").writeTo(folder.resolve("some.jar"));
        Digest other = Digest.parse("sha256:" + "0".repeat(64));
        assertThatThrownBy(() -> host.plugins().install(jar.toString(), Optional.of(other), "me"))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("instead of sha256:000");
        assertThatThrownBy(() -> host.plugins().install("https://localhost/some.jar", Optional.empty(), "me"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("must have a known digest");
        assertThatThrownBy(() -> host.plugins().install("/nowhere.jar", Optional.empty(), "me"))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void movesAppsToTheNextBestBeforeItRemovesAPlugin() throws Exception {
        install(BundleJar.of("1.0.0").named("other.notifier"));
        install(BundleJar.of("2.0.0"));
        TestHost.User web = host.user("web");
        host.plugins().remove(NAME, "me");
        assertThat(web.history()).isEqualTo("opened by 2.0.0, adopted by 1.0.0");
        assertThat(host.bundles(NAME)).isEmpty();
        assertThat(host.folder()).isDirectoryNotContaining("glob:**test.notifier*");

        assertThatThrownBy(() -> host.plugins().remove("other.notifier", "me"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("web needs notifier:test, and no other plugin answers to it");
        assertThat(web.history()).isEqualTo("opened by 2.0.0, adopted by 1.0.0");
        assertThat(host.only("other.notifier").chosen()).isTrue();
    }

    @Test
    void doesNotUseWhatIsDisabledUntilItIsEnabled() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        host.plugins().disable(NAME, "me");
        assertThat(web.history()).isEmpty();
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.DISABLED);
        assertThat(host.folder().resolve("disabled")).hasContent(NAME + "\n");
        host.found.clear();
        host.plugins().enable(NAME, "me");
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.0.0");
        assertThat(host.found)
                .as("nobody looks for it before it is there")
                .isNotEmpty()
                .containsOnly(true);

        host.plugins().disable(NAME, "me");
        restart();
        assertThatThrownBy(() -> host.user("web"))
                .isInstanceOf(InvalidException.class)
                .hasMessageEndingWith("test.notifier should, but is disabled. Use plugin enable test.notifier");
        host.plugins().enable(NAME, "me");
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void isAsBeforeWhenAPluginCannotBeDisabled() throws Exception {
        install(BundleJar.of("1.0.0").that("throw-in-stop"));
        TestHost.User web = host.user("web");
        assertThatThrownBy(() -> host.plugins().disable(NAME, "me")).hasMessageContaining("it does not want to go");
        assertThat(host.folder().resolve("disabled")).hasContent("");
        assertThat(web.history()).startsWith("opened by 1.0.0");
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.ACTIVE);
        assertThat(host.told("plugin.disabled")).isEmpty();
    }

    @Test
    void staysDisabledWhenAPluginDoesNotComeUp() throws Exception {
        install(BundleJar.of("1.0.0").that("be-silent-at-times"));
        host.plugins().disable(NAME, "me");
        System.setProperty(ScriptedPlugin.SILENT, "true");
        try {
            assertThatThrownBy(() -> host.plugins().enable(NAME, "me"))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("it declares notifier:test and does not offer it");
        } finally {
            System.clearProperty(ScriptedPlugin.SILENT);
        }
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.DISABLED);
        assertThat(host.told("plugin.enabled")).isEmpty();
        host.plugins().enable(NAME, "me");
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void triesAgainAtTheNextStartWhatItRefused() throws Exception {
        install(BundleJar.of("1.0.0"));
        host.user("web");
        Path bad = BundleJar.of("1.1.0").that("be-ill").writeTo(host.folder().resolve("bad.jar"));
        TestHost.await(() -> Files.exists(host.folder().resolve("refused")));
        restart();
        TestHost.User web = host.user("web");
        assertThat(web.history()).isEqualTo("opened by 1.0.0");
        TestHost.await(() -> !host.told("plugin.change_refused").isEmpty());
        assertThat(host.told("plugin.change_refused"))
                .singleElement()
                .asString()
                .contains("it is not well");
        assertThat(web.history()).isEqualTo("opened by 1.0.0");

        BundleJar.of("1.1.0").writeTo(bad);
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.1.0");
    }

    @Test
    void usesWhatItRefusedBeforeWhenThereIsNothingElse() throws Exception {
        System.setProperty(ScriptedPlugin.SILENT, "true");
        BundleJar.of("1.0.0").that("be-silent-at-times").writeTo(host.folder().resolve("some.jar"));
        TestHost.await(() -> Files.exists(host.folder().resolve("refused")));
        System.clearProperty(ScriptedPlugin.SILENT);
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void takesInWhatIsPutIntoTheFolderOnceItIsComplete() throws Exception {
        Path jar = host.folder().resolve("dropped.jar");
        Path whole = BundleJar.of("1.0.0").writeTo(folder.resolve("whole.jar"));
        byte[] bytes = Files.readAllBytes(whole);
        Files.createDirectories(host.folder());
        Files.write(jar, Arrays.copyOf(bytes, bytes.length - 100));
        await(Duration.ofSeconds(1), () -> !host.events.isEmpty());
        assertThat(host.events).isEmpty();

        Files.write(jar, bytes);
        await(Duration.ofSeconds(20), () -> !host.told("plugin.installed").isEmpty());
        TestHost.User web = host.user("web");
        assertThat(host.only(NAME).origin()).isEqualTo("dropped.jar");

        BundleJar.of("1.1.0").writeTo(jar);
        await(Duration.ofSeconds(20), () -> !host.told("plugin.updated").isEmpty());
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0");
        assertThat(jar).exists();

        BundleJar.of("1.2.0").that("be-ill").writeTo(jar);
        await(Duration.ofSeconds(20), () -> !host.told("plugin.change_refused").isEmpty());
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0");
        assertThat(host.plugins().find("dropped.jar"))
                .extracting(PluginStatus::state)
                .containsExactly(PluginState.REFUSED);
    }

    @Test
    void tellsThatAJarInTheFolderStaysIncomplete() throws Exception {
        Path whole = BundleJar.of("1.0.0").writeTo(folder.resolve("whole.jar"));
        Files.createDirectories(host.folder());
        Files.write(host.folder().resolve("half.jar"), Arrays.copyOf(Files.readAllBytes(whole), 500));
        await(Duration.ofSeconds(20), () -> !host.told("plugin.change_refused").isEmpty());
        assertThat(host.told("plugin.change_refused"))
                .singleElement()
                .asString()
                .contains("half.jar");
        Files.delete(host.folder().resolve("half.jar"));
        await(Duration.ofSeconds(20), () -> host.plugins().list().isEmpty());
        assertThat(host.plugins().list()).isEmpty();
    }

    @Test
    void removesAPluginWhoseJarIsTakenOutOfTheFolder() throws Exception {
        install(BundleJar.of("1.0.0"));
        Files.delete(host.folder().resolve("test.notifier-1.0.0.jar"));
        await(Duration.ofSeconds(20), () -> host.bundles(NAME).isEmpty());
        assertThat(host.bundles(NAME)).isEmpty();
    }

    @Test
    void keepsAPluginWhoseJarWasMissedByALookThatBeganBeforeItCame() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        host.removed(host.folder().resolve("test.notifier-1.0.0.jar"));
        assertThat(web.history()).isEqualTo("opened by 1.0.0");
        host.plugins().disable(NAME, "me");
        host.removed(host.folder().resolve("test.notifier-1.0.0.jar"));
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.DISABLED);
    }

    @Test
    void namesTheThreadsThatARemovedPluginLeavesBehind() throws Exception {
        install(BundleJar.of("1.0.0").that("leak-a-thread"));
        host.plugins().remove(NAME, "me");
        assertThat(host.told("plugin.leaked")).singleElement().asString().contains("test.notifier 1.0.0", "leaked");
    }

    @Test
    void blamesNoPluginForTheThreadsOfAnother() throws Exception {
        install(BundleJar.of("1.0.0").that("work-on-a-thread"));
        assertThatThrownBy(() -> update(BundleJar.of("1.1.0").that("throw-in-start")))
                .isInstanceOf(InvalidException.class);
        update(BundleJar.of("1.2.0").that("leak-a-thread"));
        assertThat(host.told("plugin.leaked")).isEmpty();
        update(BundleJar.of("1.3.0").that("work-on-a-thread"));
        assertThat(host.told("plugin.leaked")).singleElement().asString().contains("test.notifier 1.2.0", "leaked");
        update(BundleJar.of("1.4.0"));
        assertThat(host.told("plugin.leaked")).hasSize(1);
    }

    @Test
    void blamesNoPluginForTheThreadsOfAnotherThatCarriesTheSameCode() throws Exception {
        install(BundleJar.of("1.0.0")
                .named("other.notifier")
                .offering("notifier", "other")
                .that("work-on-a-thread"));
        install(BundleJar.of("1.0.0"));
        update(BundleJar.of("1.1.0"));
        assertThat(host.told("plugin.leaked")).isEmpty();
    }

    @Test
    void countsTheFirstOfTwoThatAPluginRegistersForOneScheme() throws Exception {
        install(BundleJar.of("1.0.0").that("register-twice"));
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
        assertThat(host.only(NAME).users()).containsExactly("web");
    }

    private void restartWith(BundleJar... jars) throws Exception {
        for (BundleJar jar : jars) {
            jar.writeTo(host.folder().resolve(jar.headers().get("Bundle-Version") + ".jar"));
        }
        restart();
    }

    private void restart() throws Exception {
        host.close();
        host = new TestHost(folder.resolve("home"));
    }

    private void install(BundleJar jar) throws Exception {
        host.plugins().install(write(jar), Optional.empty(), "me");
    }

    private void update(BundleJar jar) throws Exception {
        host.plugins().update(write(jar), Optional.empty(), "me");
    }

    private String write(BundleJar jar) throws Exception {
        return jar.writeTo(folder.resolve("given.jar")).toString();
    }

    private static WeakReference<ClassLoader> classes(Bundle bundle) {
        return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
    }

    private static void awaitCollected(WeakReference<?> gone) {
        await(Duration.ofSeconds(20), () -> {
            System.gc();
            return gone.get() == null;
        });
        assertThat(gone.get()).isNull();
    }

    private static void await(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
    }
}
