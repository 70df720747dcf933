package dewy.proxy;

import static dewy.proxy.BuiltinProxies.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.ChildProcess;
import dewy.api.process.ListeningAddress;
import dewy.api.process.Processes;
import dewy.api.process.Spawn;
import dewy.api.proxy.Proxy;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import dewy.proxy.tls.TestPairs;
import dewy.proxy.tls.TlsClient;
import dewy.proxy.tls.TlsSettings.Pair;
import dewy.tck.TestApp;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host on which native code that the data plane has does not load. */
@Timeout(120)
class NativeCodeTest {
    private static final String NAME = "127.0.0.1:0";

    @TempDir
    Path folder;

    /**
     * Has the data plane be started with one more option.
     *
     * @param option by which it does as if it were on such a host
     */
    private record Without(String option, Processes real) implements Processes {
        @Override
        public void check(Spawn spawn, Map<Path, Path> links) throws DewyException {
            real.check(spawn, links);
        }

        @Override
        public ChildProcess spawn(Spawn spawn) throws DewyException {
            List<String> command = new ArrayList<>(spawn.command());
            command.add(1, option);
            return real.spawn(
                    Spawn.of(command, spawn.directory(), spawn.output()).withEnvironment(spawn.environment()));
        }
    }

    private BuiltinProxyProvider provider(String option) {
        PlaneProgram program = new PlaneProgram(folder, "test", System.getProperty("java.class.path"));
        return new BuiltinProxyProvider(new PosixSockets(), new Without(option, new PosixProcesses()), () -> program);
    }

    @Test
    void keepsItFromStartingWhereItIsThatForEpollWhichIsSaid() throws Exception {
        BuiltinProxyProvider provider = provider("-Dio.netty.transport.noNative=true");
        try (CancellableCall call = call();
                Proxy proxy =
                        provider.open(PluginUrl.parse("builtin:?port=" + NAME), TestApp.in(folder.resolve("web")))) {
            assertThatThrownBy(() -> proxy.start(call))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("it ended before it was ready: The data plane needs epoll, which its own"
                            + " native code has for Linux on x86-64 and aarch64: ");
        } finally {
            provider.deactivate();
        }
    }

    @Test
    void hasJavaSpeakTlsWhereItIsThatOfBoringSsl() throws Exception {
        Pair pair = new TestPairs(folder).make("one", "one.example");
        BuiltinProxyProvider provider = provider("-Dio.netty.handler.ssl.noOpenSsl=true");
        PluginUrl url = PluginUrl.parse("builtin:?port=" + NAME + "&mode=tcp&request-timeout=60s&tls-cert="
                + pair.chain() + "&tls-key=" + pair.key());
        try (Greeter blue = Greeter.start("blue");
                CancellableCall call = call();
                Proxy proxy = provider.open(url, TestApp.in(folder.resolve("web")))) {
            proxy.start(call);
            proxy.route(call, Map.of(NAME, List.of(blue.backend())));
            ListeningAddress address = proxy.listeners().get(0).address();
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.port());
            try (SSLSocket client = TlsClient.on(socket, "one.example", "TLSv1.3")) {
                client.getOutputStream().write('a');
                assertThat(client.getInputStream().readNBytes("blue".length()))
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo("blue");
            }
        } finally {
            provider.deactivate();
        }
        assertThat(Files.readString(folder.resolve("proxy.log")))
                .contains("speaks TLS by the JDK, which takes several times as long, since BoringSSL does not load: ");
    }
}
