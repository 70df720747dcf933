package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.bucket.Relay;
import dewy.registry.s3.S3Server;
import dewy.tck.HttpStandIn;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fifty hosts on one Redis, one Consul, one S3, and what befalls these: all converge, and none on a wrong artifact. */
@Tag("long")
@Tag("trial")
@Timeout(900)
class FleetTrialsIT {
    private static final int AGENTS = 5;

    private static final int APPS = 10;

    @TempDir
    Path folder;

    @Test
    void theOneThatDownloadsIsKilledAndThenRedisFailsOverInTheMiddleOfADownload() throws Exception {
        int port = ServerProgram.freePort();
        int sentinelPort = ServerProgram.freePort();
        try (ServerProgram primary = redis("primary", port, "--save", "");
                ServerProgram replica = redis("replica", ServerProgram.freePort(), "--replicaof", "127.0.0.1 " + port);
                ServerProgram sentinel = sentinel(sentinelPort, port);
                Fleet fleet = new Fleet(folder, APPS, Map.of())) {
            startTogether(fleet, "redis://127.0.0.1:" + sentinelPort + "?sentinel=main");
            AtomicBoolean first = new AtomicBoolean(true);
            fleet.github.tampering =
                    answer -> first.getAndSet(false) ? answer.cutAt(100).hanging() : answer;
            fleet.publish("v1.1.0");
            assertThat(HttpStandIn.within(fleet.github.store.hanging)).isTrue();
            int killed = fleet.killTheOneThatDownloads("v1.1.0");
            fleet.awaitDeployed("v1.1.0");
            fleet.startAgain(killed);
            fleet.awaitDeployed("v1.1.0");
            fleet.requireTogether(3, 1);

            AtomicBoolean alive = new AtomicBoolean(true);
            fleet.github.tampering = answer -> {
                if (alive.getAndSet(false)) {
                    primary.kill();
                }
                return answer;
            };
            fleet.publish("v1.2.0");
            fleet.awaitDeployed("v1.2.0");
            Releases.await(() -> sentinel.output().contains("+switch-master"), sentinel::output);
            fleet.publish("v1.3.0");
            fleet.awaitDeployed("v1.3.0");
            assertThat(replica.output()).contains("MASTER MODE enabled");
        }
    }

    @Test
    void consulIsHeldUpForThirtySeconds() throws Exception {
        int port = ServerProgram.freePort();
        try (ServerProgram consul = SharedCacheIT.startConsul(folder, port);
                Fleet fleet = new Fleet(folder, APPS, Map.of())) {
            startTogether(fleet, "consul://127.0.0.1:" + port);
            consul.signal("STOP");
            fleet.publish("v1.1.0");
            TimeUnit.SECONDS.sleep(30);
            consul.signal("CONT");
            fleet.awaitDeployed("v1.1.0");
            fleet.publish("v1.2.0");
            fleet.awaitDeployed("v1.2.0");
        }
    }

    @Test
    void aThirdOfWhatS3IsAskedItAnswersWithSlowDown() throws Exception {
        S3Server server = S3Server.start();
        String bucket = "test-" + UUID.randomUUID();
        server.createBucket(bucket);
        try (Relay relay = new Relay(server.port());
                Fleet fleet = new Fleet(folder, APPS, environment(relay))) {
            // What the first request takes, for which the SDK is loaded, may be more than hosts wait for each other.
            start(fleet, "s3://" + S3Server.REGION + "/" + bucket + "/fleet");
            fleet.countFromWhenAllAreTogether();
            fleet.publish("v1.1.0");
            fleet.awaitDeployed("v1.1.0");
            fleet.requireTogether(1, 0);

            AtomicInteger requests = new AtomicInteger();
            relay.instead = asked -> requests.incrementAndGet() % 3 == 0
                    ? Optional.of(S3Server.refusal(503, "SlowDown"))
                    : Optional.empty();
            fleet.publish("v1.2.0");
            fleet.awaitDeployed("v1.2.0");
            relay.instead = asked -> Optional.empty();
            fleet.publish("v1.3.0");
            fleet.awaitDeployed("v1.3.0");
        }
    }

    /** Has all hosts deploy the first version, and sees that they did it together. */
    private static void startTogether(Fleet fleet, String cache) throws Exception {
        start(fleet, cache);
        fleet.requireTogether(1, 0);
    }

    private static void start(Fleet fleet, String cache) throws Exception {
        fleet.publish("v1.0.0");
        fleet.start(AGENTS, cache);
        fleet.awaitDeployed("v1.0.0");
    }

    private static Map<String, String> environment(Relay relay) {
        return Map.of(
                "AWS_ENDPOINT_URL",
                relay.address(),
                "AWS_ACCESS_KEY_ID",
                S3Server.KEY_ID,
                "AWS_SECRET_ACCESS_KEY",
                S3Server.SECRET,
                "AWS_EC2_METADATA_DISABLED",
                "true");
    }

    private ServerProgram redis(String name, int port, String... options) throws IOException {
        String[] arguments = new String[options.length + 4];
        System.arraycopy(new String[] {"--port", "" + port, "--bind", "127.0.0.1"}, 0, arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        return ServerProgram.start(Files.createDirectories(folder.resolve(name)), port, "redis-server", arguments);
    }

    private ServerProgram sentinel(int port, int primary) throws Exception {
        Path place = Files.createDirectories(folder.resolve("sentinel"));
        Path config = Files.writeString(
                place.resolve("sentinel.conf"),
                """
                port %d
                bind 127.0.0.1
                sentinel monitor main 127.0.0.1 %d 1
                sentinel down-after-milliseconds main 500
                sentinel failover-timeout main 2000
                """
                        .formatted(port, primary));
        ServerProgram sentinel = ServerProgram.start(place, port, "redis-sentinel", config.toString());
        Releases.await(() -> knowsReplica(config), () -> "the Sentinel knows no replica");
        return sentinel;
    }

    private static boolean knowsReplica(Path config) {
        try {
            return Files.readString(config).contains("known-replica main");
        } catch (IOException e) {
            return false;
        }
    }
}
