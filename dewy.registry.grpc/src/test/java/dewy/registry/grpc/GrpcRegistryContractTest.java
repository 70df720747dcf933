package dewy.registry.grpc;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.Provider;
import dewy.api.registry.Registry;
import dewy.tck.RegistryContract;
import dewy.tck.Trouble;
import dewy.tck.WrongUrl;
import io.grpc.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

class GrpcRegistryContractTest extends RegistryContract {
    private final RegistryServer server = new RegistryServer();
    private final GrpcRegistryProvider provider = new GrpcRegistryProvider();
    private int published;

    GrpcRegistryContractTest() throws IOException {}

    @AfterEach
    void close() {
        provider.close();
        server.close();
    }

    @Override
    public Provider<Registry> provider() {
        return provider;
    }

    @Override
    public String url() {
        return server.address() + "?no-tls=true";
    }

    @Override
    public List<WrongUrl> wrongUrls() {
        return List.of(
                WrongUrl.of("grpc:"),
                WrongUrl.of("grpc://user@host:1/releases?no-tls=perhaps&tls=x", "no-tls", "tls"),
                WrongUrl.of("grpc://host:99999?ca=/nowhere.pem&key=/nowhere.pem", "ca", "key"),
                WrongUrl.of("grpc://host?cert=/nowhere.pem", "cert"));
    }

    @Override
    public Map<Trouble, Class<? extends DewyException>> troubles() {
        return Map.of(
                Trouble.DOWN, UnreachableException.class,
                Trouble.HANGING, UnreachableException.class,
                Trouble.STALLING, UnreachableException.class,
                Trouble.REFUSING, UnauthorizedException.class,
                Trouble.MISSING, NotFoundException.class,
                Trouble.LYING, UnreachableException.class);
    }

    @Override
    public void befall(Trouble trouble) throws Exception {
        switch (trouble) {
            case DOWN -> server.stop();
            case HANGING -> server.current = server.silence();
            case STALLING -> server.current = server.headersAlone();
            case REFUSING -> server.current = RegistryServer.status(Status.PERMISSION_DENIED);
            case MISSING -> server.current = RegistryServer.status(Status.NOT_FOUND);
            case LYING -> server.current = RegistryServer.message(new byte[] {0x0a, 0x7f, 0x01});
            default -> throw new IllegalArgumentException(trouble.toString());
        }
    }

    @Override
    public void awaitHanging() throws InterruptedException {
        if (!server.hanging.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing was asked");
        }
    }

    @Override
    public long asked() {
        return server.asked.size();
    }

    @Override
    protected void publish(String tag, String artifact, String content) {
        published++;
        String url = "https://artifacts.example/" + tag + "/" + artifact;
        server.current = RegistryServer.release("r" + published, tag, url, Instant.parse("2026-01-01T00:00:00Z"));
    }
}
