package dewy.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Entry;
import dewy.api.store.Store;
import dewy.api.store.Write;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** A cluster of three servers, of which each has a third of the apps. */
@Timeout(180)
class RedisClusterTest {
    @TempDir
    Path folder;

    private final List<RedisServer> servers = new ArrayList<>();
    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(2));

    @BeforeEach
    void start() throws Exception {
        List<String> command =
                new ArrayList<>(List.of(ServerProgram.require("redis-cli").toString()));
        command.addAll(List.of("-a", RedisServer.ADMIN, "--cluster", "create"));
        List<Integer> buses = ServerProgram.freePorts(3);
        for (int i = 0; i < 3; i++) {
            Path place = Files.createDirectories(folder.resolve("server-" + i));
            int bus = buses.get(i);
            servers.add(RedisServer.start(place, "--cluster-enabled", "yes", "--cluster-port", String.valueOf(bus)));
            command.add("127.0.0.1:" + servers.get(i).port() + "@" + bus);
        }
        command.add("--cluster-yes");
        Process create = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("create.log").toFile())
                .start();
        assertThat(create.waitFor(60, TimeUnit.SECONDS) && create.exitValue() == 0)
                .as(Files.readString(folder.resolve("create.log")))
                .isTrue();
        for (RedisServer server : servers) {
            Until.holds("all know of the cluster", () -> server.text(Command.CLUSTER, "INFO")
                    .contains("cluster_state:ok"));
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(RedisServer::close);
        call.close();
    }

    @Test
    void findsTheServerThatHasAnApp() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), RedisServer.PASSWORD);
        String url = "redis://dewy@127.0.0.1:1,127.0.0.1:" + servers.get(0).port() + "?cluster=true&password=file:"
                + password;
        for (String name : List.of("a", "b", "c", "d")) {
            TestApp app = TestApp.in(folder.resolve(name)).named(name);
            try (Store store = new RedisStoreProvider().open(PluginUrl.parse(url + "&replicas=0"), app);
                    Cache cache = new RedisCacheProvider().open(PluginUrl.parse(url), app)) {
                Entry written =
                        store.compareAndSet(call, Write.create("key", name)).orElseThrow();
                assertThat(store.list(call, "k")).containsExactly(written);
                try (BlobWriter writer = cache.write(call, "v1--app.zip", 3 << 20)) {
                    writer.write(new byte[3 << 20], 0, 3 << 20);
                    writer.commit();
                }
                Blob held = cache.find(call, "v1--app.zip").orElseThrow();
                try (InputStream in = cache.read(call, held)) {
                    assertThat(in.readAllBytes()).hasSize(3 << 20);
                }
            }
        }
    }
}
