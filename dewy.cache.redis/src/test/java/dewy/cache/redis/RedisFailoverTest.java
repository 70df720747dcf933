package dewy.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.UnauthorizedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.store.Claim;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Store;
import dewy.api.store.Write;
import dewy.tck.ServerProgram;
import dewy.tck.TestApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Protocol.Command;

/** A primary with two replicas and a Sentinel, which asks for a password too. */
@Timeout(180)
class RedisFailoverTest {
    private static final String SENTINEL_PASSWORD = "sentinel-pw";

    @TempDir
    Path folder;

    private final CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(2));
    private RedisServer primary;
    private RedisServer first;
    private RedisServer second;
    private ServerProgram sentinel;
    private int sentinelPort;
    private Store store;

    @BeforeEach
    void start() throws Exception {
        primary = RedisServer.start(folder("primary"));
        first = replica("first");
        second = replica("second");
        Until.holds("both replicas follow", () -> primary.ask(Command.WAIT, "2", "100")
                .equals(2L));
        startSentinel();
        store = open("");
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private RedisServer replica(String name) throws IOException {
        return RedisServer.start(
                folder(name), "--replicaof", "127.0.0.1 " + primary.port(), "--repl-diskless-sync-delay", "0");
    }

    private void startSentinel() throws Exception {
        sentinelPort = ServerProgram.freePort();
        Path config = Files.writeString(
                folder("sentinel").resolve("sentinel.conf"),
                """
                port %d
                bind 127.0.0.1
                requirepass %s
                sentinel monitor main 127.0.0.1 %d 1
                sentinel auth-pass main %s
                sentinel down-after-milliseconds main 500
                sentinel failover-timeout main 2000
                """
                        .formatted(sentinelPort, SENTINEL_PASSWORD, primary.port(), RedisServer.ADMIN));
        sentinel = ServerProgram.start(folder("sentinel"), sentinelPort, "redis-sentinel", config.toString());
        Until.holds(
                "the Sentinel knows the replicas",
                () -> Files.readString(config).contains("known-replica main 127.0.0.1 " + second.port())
                        && Files.readString(config).contains("known-replica main 127.0.0.1 " + first.port()));
    }

    @AfterEach
    void stop() {
        store.close();
        sentinel.close();
        primary.close();
        first.close();
        second.close();
        call.close();
    }

    private Store open(String more) throws Exception {
        Path password = Files.writeString(folder.resolve("password"), RedisServer.PASSWORD);
        Path sentinelPassword = Files.writeString(folder.resolve("sentinel-password"), SENTINEL_PASSWORD);
        String url = "redis://dewy@127.0.0.1:1,127.0.0.1:" + sentinelPort + "/0?sentinel=main&password=file:" + password
                + "&sentinel-password=file:" + sentinelPassword + more;
        return new RedisStoreProvider().open(PluginUrl.parse(url), TestApp.in(folder.resolve("app")));
    }

    @Test
    void losesNothingThatWasConfirmed() throws Exception {
        Lease lease = acquire("host-1").orElseThrow();
        Entry written =
                store.compareAndSet(call, Write.create("key", "1").under(lease)).orElseThrow();
        primary.kill();
        assertThatThrownBy(() -> store.read(call, "key")).isInstanceOf(UnreachableException.class);
        Until.holds("a replica is the primary", () -> store.read(call, "key").equals(Optional.of(written)));
        assertThat(acquire("host-2")).as("what another host is granted").isEmpty();
        Until.holds("the other one follows it", () -> store.compareAndSet(
                        call, Write.create("other", "1").under(lease))
                .isPresent());
        store.renew(call, lease);
        assertThat(lease.remaining()).isPositive();
    }

    @Test
    void nobodyWritesUnderALeaseThatAFailoverForgot() throws Exception {
        Store hasty = open("&replicas=0");
        Entry kept = store.compareAndSet(call, Write.create("key", "1")).orElseThrow();
        first.ask(Command.CONFIG, "SET", "masterauth", "wrong");
        second.ask(Command.CONFIG, "SET", "masterauth", "wrong");
        primary.ask(Command.CLIENT, "KILL", "TYPE", "replica");
        Until.holds("no replica follows", () -> primary.text(Command.INFO, "replication")
                .contains("connected_slaves:0"));
        Lease forgotten = hasty.acquire(call, new Claim("deploy", "host-1", Duration.ofHours(1)))
                .orElseThrow();
        primary.kill();
        Until.holds("a replica is the primary", () -> hasty.read(call, "key").equals(Optional.of(kept)));
        Lease granted = hasty.acquire(call, new Claim("deploy", "host-2", Duration.ofHours(1)))
                .orElseThrow();
        assertThat(granted.token()).isGreaterThan(forgotten.token());
        assertThatThrownBy(
                        () -> hasty.compareAndSet(call, Write.replace(kept, "2").under(forgotten)))
                .isInstanceOf(LostLeaseException.class);
        assertThat(forgotten.remaining()).isZero();
        assertThat(hasty.compareAndSet(call, Write.replace(kept, "3").under(granted)))
                .isPresent();
        hasty.close();
    }

    @Test
    void whatNoReplicaConfirmsIsNotCalledDone() throws Exception {
        first.program().signal("STOP");
        second.program().signal("STOP");
        assertThatThrownBy(() -> acquire("host-1"))
                .isInstanceOf(UnreachableException.class)
                .hasMessageContaining("only 0 of 1 replicas confirmed it")
                .hasMessageContaining("replicas=");
        first.program().signal("CONT");
        second.program().signal("CONT");
    }

    @Test
    void asksNoReplica() throws Exception {
        String url = "redis://dewy@127.0.0.1:" + first.port() + "?password=file:" + folder.resolve("password");
        try (Store replica = new RedisStoreProvider().open(PluginUrl.parse(url), TestApp.in(folder.resolve("app")))) {
            assertThatThrownBy(() -> replica.read(call, "key"))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("is a replica");
        }
    }

    @Test
    void tellsWhatASentinelRefusesOrDoesNotKnow() throws Exception {
        Store unknown = open("&sentinel=other");
        assertThatThrownBy(() -> unknown.read(call, "key"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("no Sentinel knows a primary named other");
        Files.writeString(folder.resolve("sentinel-password"), "wrong");
        assertThatThrownBy(() -> store.read(call, "key")).isInstanceOf(UnauthorizedException.class);
        unknown.close();
    }

    private Optional<Lease> acquire(String owner) throws DewyException {
        return store.acquire(call, new Claim("deploy", owner, Duration.ofHours(1)));
    }
}
