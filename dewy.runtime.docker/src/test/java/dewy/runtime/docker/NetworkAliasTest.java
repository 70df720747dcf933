package dewy.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.plugin.PluginUrl;
import dewy.api.runtime.AppRuntime;
import dewy.engine.Container;
import dewy.engine.Engine;
import dewy.engine.Networks;
import dewy.runtime.docker.TestImages.Manner;
import dewy.tck.Await;
import dewy.tck.ContainerEngine;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers that somebody else's proxy finds in their network, by an alias. */
@Timeout(120)
class NetworkAliasTest {
    private static final String URL =
            "docker:?network=shop-net&network-alias=shop-current&health-path=/&probe-interval=20ms"
                    + "&drain-time=500ms&stop-timeout=1s&replicas=2";

    @TempDir
    Path folder;

    @Test
    void areFoundByTheAliasWhileTheyServeAndPublishNothing() throws Exception {
        TestApp app = TestApp.in(folder);
        try (AppRuntime runtime = open(URL, app)) {
            activate(runtime, "v1");
            List<String> old = runtime.status().instances();
            assertThat(docker("port", old.get(0))).isEmpty();
            docker(
                    "run",
                    "-d",
                    "--name",
                    "client",
                    "--network",
                    "shop-net",
                    TestImages.pulled(TestImages.config(Manner.SERVING)),
                    "/bin/sh",
                    "-c",
                    "while true; do wget -q -O - http://shop-current:8080/cgi-bin/slow || echo lost; echo; done");
            Await.until("an answer of the first version", () -> logs().contains("v1"));
            activate(runtime, "v2");
            Await.until("the end of the old ones", () -> old.stream().noneMatch(name -> isThere(name)));
            int before = logs().length();
            Await.until("an answer of the second version", () -> logs().substring(before)
                    .contains("v2"));
            assertThat(logs().substring(before)).doesNotContain("v1");
            assertThat(logs()).doesNotContain("lost");
        } finally {
            docker("rm", "-f", "client");
        }
    }

    /** So that what they have in the network goes on. */
    @Test
    void keepTheirAddressesWhenTheyGetTheAlias() throws Exception {
        Engine engine = TestImages.engine();
        Networks networks = new Networks(engine);
        String image = TestImages.pulled(TestImages.config(Manner.SERVING));
        try (CancellableCall call = TestImages.call()) {
            networks.ensure(call, "shop-net");
            docker("run", "-d", "--name", "renamed", "--network", "shop-net", image);
            Container before = engine.inspect(call, "renamed");
            assertThat(networks.rename(call, "shop-net", before, List.of("shop-current")))
                    .isTrue();
            Container now = engine.inspect(call, "renamed");
            assertThat(now.networks().values())
                    .extracting(Container.Place::address)
                    .containsExactlyElementsOf(before.networks().values().stream()
                            .map(Container.Place::address)
                            .toList());
            assertThat(now.networks().values())
                    .allMatch(place -> place.aliases().contains("shop-current"));
        } finally {
            docker("rm", "-f", "renamed");
        }
    }

    @Test
    void areInNoOtherNetworkThanTheirProxy() throws Exception {
        TestApp app = TestApp.in(folder).running("--network", "elsewhere");
        try (AppRuntime runtime = open(URL, app);
                CancellableCall call = TestImages.call()) {
            assertThatThrownBy(() -> runtime.prepare(call, TestImages.activation("v1", Manner.SERVING)))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("--network elsewhere: the app is in the network shop-net");
        }
    }

    @Test
    void needANetworkForAnAlias() {
        assertThatThrownBy(() ->
                        open("docker:?network-alias=a", TestApp.in(folder)).close())
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("network-alias is for an app with a network");
    }

    private static AppRuntime open(String url, TestApp app) throws Exception {
        return new DockerRuntimeProvider(TestImages.environment(), Engine::new).open(PluginUrl.parse(url), app);
    }

    private static void activate(AppRuntime runtime, String tag) throws Exception {
        try (CancellableCall call = TestImages.call()) {
            runtime.activate(call, TestImages.activation(tag, Manner.SERVING));
        }
    }

    private static boolean isThere(String container) {
        try {
            return docker("ps", "-a", "--format", "{{.Names}}").lines().anyMatch(container::equals);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String logs() throws IOException {
        return docker("logs", "client");
    }

    private static String docker(String... arguments) throws IOException {
        return ContainerEngine.shared().docker(arguments);
    }
}
