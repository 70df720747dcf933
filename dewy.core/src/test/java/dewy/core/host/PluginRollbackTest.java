package dewy.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.bundle.EmbeddedBundles;
import dewy.api.bundle.EmbeddedPlugin;
import dewy.api.bundle.PluginCapability;
import dewy.api.control.PluginState;
import dewy.api.control.PluginStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;

/** Ways back from a plugin that is no good. */
@Timeout(60)
class PluginRollbackTest {
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
    void goesBackToTheVersionBeforeAndForwardAgain() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        TestHost.User shop = host.user("shop");
        update(BundleJar.of("1.1.0"));
        assertThat(rollback()).extracting(PluginStatus::version).containsExactly("1.0.0");
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0, adopted by 1.0.0");
        assertThat(shop.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0, adopted by 1.0.0");
        assertThat(host.told("plugin.rolled_back"))
                .singleElement()
                .asString()
                .contains("bundle=test.notifier 1.0.0", "from=test.notifier 1.1.0");
        assertThat(host.bundles(NAME))
                .extracting(bundle -> bundle.getVersion().toString())
                .containsExactly("1.0.0");
        assertThat(rollback()).extracting(PluginStatus::version).containsExactly("1.1.0");
        assertThat(web.history()).endsWith("adopted by 1.0.0, adopted by 1.1.0");
    }

    @Test
    void goesBackWhereTheVersionBeforeWasOfAHigherRanking() throws Exception {
        install(BundleJar.of("1.0.0").ranked(5));
        TestHost.User web = host.user("web");
        update(BundleJar.of("1.1.0"));
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0");
        rollback();
        assertThat(web.history()).endsWith("adopted by 1.0.0");
    }

    @Test
    void goesBackAfterARestartAndStaysThereAfterAnother() throws Exception {
        install(BundleJar.of("1.0.0"));
        update(BundleJar.of("1.1.0"));
        restart();
        TestHost.User web = host.user("web");
        rollback();
        assertThat(web.history()).isEqualTo("opened by 1.1.0, adopted by 1.0.0");
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
        rollback();
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.1.0");
    }

    @Test
    void keepsTheOneVersionThatWasReplacedLast() throws Exception {
        install(BundleJar.of("1.0.0"));
        update(BundleJar.of("1.1.0"));
        update(BundleJar.of("1.2.0"));
        assertThat(before()).isDirectoryContaining("glob:**/1.1.0.jar").isDirectoryNotContaining("glob:**/1.0.0.jar");
        rollback();
        assertThat(host.only(NAME).version()).isEqualTo("1.1.0");
        update(BundleJar.of("1.1.5"));
        rollback();
        assertThat(host.only(NAME).version()).isEqualTo("1.1.0");
    }

    @Test
    void goesBackToWhatAFileHeldThatWasOverwritten() throws Exception {
        Path jar = BundleJar.of("1.0.0").writeTo(host.folder().resolve("mine.jar"));
        restart();
        TestHost.User web = host.user("web");
        BundleJar.of("1.1.0").writeTo(jar);
        TestHost.await(() -> !host.told("plugin.updated").isEmpty());
        rollback();
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0, adopted by 1.0.0");
        assertThat(jar).doesNotExist();
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void goesBackToWhatCameWithTheLauncherAndForwardAgain() throws Exception {
        embed("1.0.0");
        TestHost.User web = host.user("web");
        update(BundleJar.of("1.1.0"));
        rollback();
        assertThat(web.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0, adopted by 1.0.0");
        assertThat(host.only(NAME).origin()).isEqualTo("launcher");
        restart();
        embed("1.0.0");
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
        rollback();
        assertThat(host.plugins().find(NAME))
                .filteredOn(status -> status.state() == PluginState.ACTIVE)
                .extracting(PluginStatus::version)
                .containsExactly("1.1.0");
        assertThat(host.folder()).isDirectoryContaining("glob:**/test.notifier-1.1.0.jar");
        rollback();
        update(BundleJar.of("1.2.0"));
        rollback();
        assertThat(host.only(NAME).version())
                .as("not the 1.1.0 of another time")
                .isEqualTo("1.0.0");
    }

    @Test
    void goesBackToANewerVersionOfTheLauncherInsteadOfAnOlderOneThatIsKept() throws Exception {
        install(BundleJar.of("1.0.0"));
        update(BundleJar.of("2.0.0"));
        restart();
        embed("1.5.0");
        TestHost.User web = host.user("web");
        rollback();
        assertThat(web.history()).isEqualTo("opened by 2.0.0, adopted by 1.5.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"be-ill", "throw-in-start", "refuse-the-url", "refuse-to-adopt-for-web", "write-format-2"})
    void staysWithTheNewerVersionWhenTheOneBeforeIsNoGoodAnyMore(String does) throws Exception {
        install(BundleJar.of("1.0.0"));
        update(BundleJar.of("1.1.0"));
        TestHost.User shop = host.user("shop");
        TestHost.User web = host.user("web");
        BundleJar.of("1.0.0").that(does).writeTo(before().resolve("1.0.0.jar"));
        assertThatThrownBy(this::rollback).isInstanceOf(DewyException.class);
        assertThat(host.told("plugin.change_refused")).hasSize(1);
        assertThat(shop.history()).startsWith("opened by 1.1.0").doesNotEndWith("1.0.0");
        assertThat(web.history()).startsWith("opened by 1.1.0").doesNotEndWith("1.0.0");
        assertThat(host.only(NAME).version()).isEqualTo("1.1.0");
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.1.0");
    }

    @Test
    void changesNothingWhenTheVersionBeforeCannotBeKept() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        Files.createFile(host.folder().resolve("before"));
        assertThatThrownBy(() -> update(BundleJar.of("1.1.0"))).hasMessageContaining("Cannot keep");
        assertThat(web.history()).endsWith("adopted by 1.0.0");
        assertThat(host.only(NAME).version()).isEqualTo("1.0.0");
        assertThat(host.folder()).isDirectoryNotContaining("glob:**1.1.0*");
    }

    @Test
    void goesBackFromAPluginThatWasDisabledAndUsesThatAgain() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        update(BundleJar.of("1.1.0"));
        host.plugins().disable(NAME, "me");
        assertThat(web.history()).isEmpty();
        rollback();
        assertThat(web.history()).endsWith("adopted by 1.0.0");
        assertThat(host.only(NAME).state()).isEqualTo(PluginState.ACTIVE);
        restart();
        assertThat(host.user("web").history()).isEqualTo("opened by 1.0.0");
    }

    @Test
    void forgetsTheVersionBeforeWithThePlugin() throws Exception {
        install(BundleJar.of("1.0.0"));
        update(BundleJar.of("1.1.0"));
        host.plugins().remove(NAME, "me");
        assertThat(before()).doesNotExist();
    }

    @Test
    void saysThatThereIsNoVersionBeforeAndWhatHelps() throws Exception {
        install(BundleJar.of("1.0.0"));
        assertThatThrownBy(this::rollback)
                .isInstanceOf(InvalidException.class)
                .hasMessage(
                        "Cannot roll back test.notifier: no version before 1.0.0 is kept, as it was not updated here."
                                + " Use plugin update for another version, or plugin disable test.notifier");
        assertThatThrownBy(() -> host.plugins().rollback("nobody", "me")).hasMessageContaining("there is none");
    }

    @Test
    void namesTheCommandThatHelpsWhereAnUpdateIsRefused() throws Exception {
        assertThatThrownBy(() -> update(BundleJar.of("1.0.0"))).hasMessageEndingWith("Use plugin install");
        install(BundleJar.of("1.0.0"));
        assertThatThrownBy(() -> update(BundleJar.of("0.9.0")))
                .hasMessageEndingWith("For this one use plugin disable test.notifier, plugin remove test.notifier and"
                        + " then plugin install");
        update(BundleJar.of("1.1.0"));
        assertThatThrownBy(() -> update(BundleJar.of("1.0.0")))
                .hasMessageEndingWith("Use plugin rollback test.notifier");
        assertThatThrownBy(() -> update(BundleJar.of("0.9.0")))
                .hasMessageContaining("To go back to 1.0.0 use plugin rollback test.notifier. For this one use plugin");
        assertThatThrownBy(() -> install(BundleJar.of("1.2.0")))
                .hasMessageContaining("1.1.0 of it is there already. Use plugin update");
        host.plugins().disable(NAME, "me");
        assertThatThrownBy(() -> update(BundleJar.of("1.2.0")))
                .hasMessageEndingWith("test.notifier is disabled. Use plugin enable test.notifier first");
        assertThatThrownBy(() -> install(BundleJar.of("1.2.0")))
                .hasMessageContaining("is there already, and is disabled. Use plugin enable test.notifier");
    }

    @Test
    void namesTheCommandThatHelpsWhereARemovalIsRefused() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User unused = host.user("web");
        assertThatThrownBy(this::remove)
                .hasMessageEndingWith("Use plugin update for another version, or plugin disable test.notifier to have"
                        + " apps go on without it");
        update(BundleJar.of("1.1.0"));
        assertThatThrownBy(this::remove)
                .hasMessageContaining("Use plugin rollback test.notifier to go back to 1.0.0, plugin update for");
        assertThat(unused.history()).isEqualTo("opened by 1.0.0, adopted by 1.1.0");
    }

    @Test
    void saysOfWhatCameWithTheLauncherWhetherItIsDisabledAlready() throws Exception {
        embed("1.0.0");
        assertThatThrownBy(this::remove)
                .hasMessage("Cannot remove test.notifier: it came with the launcher. Use plugin disable test.notifier");
        host.plugins().disable(NAME, "me");
        assertThatThrownBy(this::remove)
                .hasMessage("Cannot remove test.notifier: it came with the launcher, and is disabled already."
                        + " To use it again there is plugin enable test.notifier");
        host.plugins().enable(NAME, "me");
        assertThatThrownBy(() -> update(BundleJar.of("0.9.0")))
                .hasMessageEndingWith("Nothing older than 1.0.0, which came with the launcher, can be used");
        update(BundleJar.of("1.2.0"));
        assertThatThrownBy(() -> update(BundleJar.of("1.1.0")))
                .hasMessageEndingWith("For this one use plugin remove test.notifier and then plugin update");
        remove();
        update(BundleJar.of("1.1.0"));
    }

    @Test
    void saysHowToRemoveWhatWasInstalledByOtherMeans() throws Exception {
        Path jar = BundleJar.of("1.0.0").writeTo(folder.resolve("other.jar"));
        long id = host.context().installBundle("reference:" + jar.toUri()).getBundleId();
        assertThatThrownBy(this::remove)
                .hasMessageContaining("it was installed by other means, from reference:file:")
                .hasMessageEndingWith("Use felix:uninstall " + id);
    }

    @Test
    void removesWhatIsDisabledAndInstallsAnOlderVersionInItsPlace() throws Exception {
        install(BundleJar.of("1.1.0"));
        TestHost.User web = host.user("web");
        host.plugins().disable(NAME, "me");
        remove();
        assertThat(host.bundles(NAME)).isEmpty();
        install(BundleJar.of("1.0.0"));
        assertThat(web.history()).endsWith("adopted by 1.0.0");
        restart();
        assertThat(host.user("web").history()).as("it is not disabled any more").isEqualTo("opened by 1.0.0");
    }

    @Test
    void removesAJarOfTheFolderThatWasRefused() throws Exception {
        Files.createDirectories(host.folder());
        Path jar = Files.writeString(host.folder().resolve("bad.jar"), "no jar at all");
        restart();
        assertThat(host.only("bad.jar").state()).isEqualTo(PluginState.REFUSED);
        assertThat(host.only("bad.jar").problem().orElseThrow())
                .startsWith("Cannot install bad.jar: it is no jar, or only a part of one: ")
                .doesNotContain(host.folder().toString());
        host.plugins().remove("bad.jar", "me");
        assertThat(jar).doesNotExist();
        assertThat(host.plugins().list()).isEmpty();
    }

    @Test
    void doesNotUseWhatIsPutIntoTheFolderOfAPluginThatIsDisabled() throws Exception {
        install(BundleJar.of("1.0.0"));
        TestHost.User web = host.user("web");
        host.plugins().disable(NAME, "me");
        BundleJar.of("1.1.0").writeTo(host.folder().resolve("next.jar"));
        TestHost.await(() -> host.bundles(NAME).size() == 2);
        assertThat(web.history()).isEmpty();
        host.plugins().enable(NAME, "me");
        assertThat(web.history()).endsWith("adopted by 1.1.0");
    }

    private List<PluginStatus> rollback() throws DewyException {
        return host.plugins().rollback(NAME, "me");
    }

    private void remove() throws DewyException {
        host.plugins().remove(NAME, "me");
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

    private void restart() throws Exception {
        host.close();
        host = new TestHost(folder.resolve("home"));
    }

    private Path before() {
        return host.folder().resolve("before/" + NAME);
    }

    /** Has a version come with the launcher. */
    private void embed(String version) throws Exception {
        Path jar = BundleJar.of(version).writeTo(folder.resolve("launcher-" + version + ".jar"));
        EmbeddedPlugin plugin =
                new EmbeddedPlugin(NAME, version, List.of(new PluginCapability("notifier", List.of("test"))));
        EmbeddedBundles launcher = new EmbeddedBundles() {
            @Override
            public List<EmbeddedPlugin> plugins() {
                return List.of(plugin);
            }

            @Override
            public long install(String symbolicName) {
                try {
                    return host.context()
                            .installBundle("reference:" + jar.toUri())
                            .getBundleId();
                } catch (BundleException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
        host.context().registerService(EmbeddedBundles.class, launcher, FrameworkUtil.asDictionary(Map.of()));
    }
}
