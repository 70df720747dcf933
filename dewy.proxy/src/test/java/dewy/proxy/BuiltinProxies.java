package dewy.proxy;

import dewy.api.CancellableCall;
import dewy.api.plugin.PluginUrl;
import dewy.api.proxy.Proxy;
import dewy.posix.PosixProcesses;
import dewy.posix.PosixSockets;
import dewy.tck.TestApp;
import java.nio.file.Path;
import java.time.Duration;

/** A provider whose data plane has the class path of the tests, and runs as long as this is open. */
final class BuiltinProxies implements AutoCloseable {
    private final BuiltinProxyProvider provider;
    private final Proxy first;

    BuiltinProxies(Path folder) throws Exception {
        provider = of(folder, "test");
        first = provider.open(PluginUrl.parse("builtin:?port=127.0.0.1:0"), TestApp.in(folder.resolve("first")));
        try (CancellableCall call = call()) {
            first.start(call);
        }
    }

    /** Returns a provider of a version of its own. */
    static BuiltinProxyProvider of(Path folder, String build) {
        PlaneProgram program = new PlaneProgram(folder, build, System.getProperty("java.class.path"));
        return new BuiltinProxyProvider(new PosixSockets(), new PosixProcesses(), () -> program);
    }

    BuiltinProxyProvider provider() {
        return provider;
    }

    static CancellableCall call() {
        return CancellableCall.of("test", Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        first.close();
        provider.deactivate();
    }
}
