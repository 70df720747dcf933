package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.tck.TestAuthority;
import dewy.tck.load.MixedLoad;
import dewy.tck.load.MixedLoad.Connector;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Traffic of all kinds through the built-in proxy, to servers each of which is ended abruptly once it is drained, while new
 * versions come, the agent is killed, or the bundle of the proxy updated.
 */
@Tag("long")
@Tag("trial")
@Timeout(900)
class MixedTrafficIT {
    private static final int TIMES = 20;
    private static final int CALM_MILLIS = 1_000;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);

    private final Random random = new Random(SEED);

    @TempDir
    Path folder;

    @Test
    void isNotLostWhenTheAgentIsKilled() throws Exception {
        int port = Ports.free();
        try (MixedTrafficSite site = new MixedTrafficSite(folder, port, plain(port), List.of());
                MixedLoad load = site.load()) {
            load.awaitAll();
            for (int i = 0; i < TIMES; i++) {
                String version = publishAfterAWhile(site, load);
                site.agent().outlives(random.nextInt(1_000), TimeUnit.MILLISECONDS);
                site.agent().kill();
                site.startAgent();
                load.awaitVersion(version);
            }
            end(site, load, "with kills");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isNotLostWhenTheBundleOfTheProxyIsUpdated(boolean tls) throws Exception {
        int port = Ports.free();
        Connector connector = plain(port);
        List<String> options = List.of();
        if (tls) {
            TestAuthority authority = TestAuthority.in(folder);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, authority.clients(), null);
            connector = () -> context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            String pem = authority.serverPem().toString();
            options = List.of("--proxy-tls-cert", pem, "--proxy-tls-key", pem);
        }
        try (MixedTrafficSite site = new MixedTrafficSite(folder, port, connector, options);
                MixedLoad load = site.load()) {
            load.awaitAll();
            for (int i = 1; i <= TIMES; i++) {
                String version = publishAfterAWhile(site, load);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                site.updateProxy(i);
                load.awaitVersion(version);
            }
            end(site, load, "with updates" + (tls ? ", by TLS" : "") + ", refused at first: " + site.refused());
        }
    }

    /** Measures for a while before anything happens. */
    private static String publishAfterAWhile(MixedTrafficSite site, MixedLoad load) throws Exception {
        load.disturb(false);
        TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
        load.disturb(true);
        return site.publish();
    }

    private static Connector plain(int port) {
        return () -> new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private void end(MixedTrafficSite site, MixedLoad load, String what) throws Exception {
        load.close();
        System.out.println("MixedTrafficIT " + what + ", -Ddewy.test.seed=" + SEED + ": " + load.report());
        assertThat(load.failures()).isEmpty();
        assertThat(load.cut()).isPositive();
        assertThat(site.agent().stop()).isZero();
        assertThat(Processes.leftBy(folder))
                .extracting(process -> process.info().commandLine().orElse("pid " + process.pid()))
                .isEmpty();
    }
}
