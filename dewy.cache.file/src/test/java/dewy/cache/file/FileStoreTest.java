package dewy.cache.file;

import static dewy.cache.file.TestCache.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.StorageException;
import dewy.api.store.Claim;
import dewy.api.store.Delete;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.LostLeaseException;
import dewy.api.store.Write;
import dewy.store.TextStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStoreTest {
    private static final Duration TERM = Duration.ofMinutes(1);

    private final Path folder;
    private final Path file;
    private final TestUptime host = new TestUptime();
    private Instant wallClock = Instant.parse("2026-03-01T12:00:00Z");
    private final TextStore store;

    FileStoreTest(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve(".dewy.store/store");
        this.store = storeOf(host);
    }

    @Test
    void nothingEndsTooEarlyWhenTheHostIsStartedAnew() throws Exception {
        Lease lease = acquire("a");
        write(Write.create("kept", "1"));
        write(Write.create("expiring", "1").expiring(TERM));
        host.advance(TERM.minusSeconds(10));
        write(Write.create("noted", "1"));
        host.restart("boot-2");
        host.advance(Duration.ofSeconds(9));

        assertThat(store.acquire(call(), claim("b"))).isEmpty();
        assertThat(store.read(call(), "expiring")).isPresent();
        store.renew(call(), lease);
        host.advance(Duration.ofSeconds(1));
        assertThat(store.read(call(), "expiring")).isEmpty();
        assertThat(store.read(call(), "kept")).isPresent();
        assertThat(store.acquire(call(), claim("b"))).isEmpty();
    }

    @Test
    void whatEndsWhileTheHostIsDownIsOverSoonAfterItsStart() throws Exception {
        Lease lease = acquire("a");
        host.restart("boot-2");
        assertThat(store.acquire(call(), claim("b"))).isEmpty();
        host.advance(TERM);

        assertThatThrownBy(() -> store.renew(call(), lease)).isInstanceOf(LostLeaseException.class);
        assertThat(acquire("b").token()).isGreaterThan(lease.token());
    }

    @Test
    void countsThroughAnyNumberOfStarts() throws Exception {
        write(Write.create("expiring", "1").expiring(Duration.ofMinutes(40)));
        for (int i = 0; i < 39; i++) {
            host.restart("start " + i);
            host.advance(Duration.ofMinutes(1));
            Entry entry = store.read(call(), "expiring").orElseThrow();
            write(Write.create("start " + i, entry.value()));
        }
        host.advance(Duration.ofMinutes(1));

        assertThat(store.read(call(), "expiring")).isEmpty();
        assertThat(Files.size(file)).isLessThan(4_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {-400_000, 400_000})
    void noSettingOfTheWallClockEndsOrProlongsALease(long seconds) throws Exception {
        Lease lease = acquire("a");
        wallClock = wallClock.plusSeconds(seconds);
        assertThat(store.acquire(call(), claim("b"))).isEmpty();
        store.renew(call(), lease);
        host.advance(TERM);

        assertThat(acquire("b").token()).isGreaterThan(lease.token());
    }

    @Test
    void tokensAndRevisionsGrowAlsoWhenTheFolderIsRemoved() throws Exception {
        Lease lease = acquire("a");
        Entry entry = write(Write.create("key", "1"));
        remove();
        wallClock = wallClock.plusSeconds(1);

        assertThat(acquire("b").token()).isGreaterThan(lease.token());
        assertThat(write(Write.create("key", "2")).revision()).isGreaterThan(entry.revision());
        assertThatThrownBy(() -> write(Write.replace(entry, "3").under(lease))).isInstanceOf(LostLeaseException.class);
    }

    @Test
    void tokensGrowAlsoWhenAnOlderFolderIsPutInItsPlace() throws Exception {
        acquire("a");
        Path older = Files.copy(file, folder.resolve("older"));
        Lease lease = acquire("a");
        Files.move(older, file, StandardCopyOption.REPLACE_EXISTING);
        wallClock = wallClock.plusSeconds(1);

        assertThat(acquire("a").token()).isGreaterThan(lease.token());
    }

    @Test
    void agentsOfSeveralHostsAreToldThatTheyHaveNoClockInCommon() throws Exception {
        acquire("a");
        TextStore other = storeOf(new TestUptime("of another host"));
        other.compareAndSet(call(), Write.create("key", "1"));

        assertThatThrownBy(() -> store.read(call(), "key"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("several hosts")
                .hasMessageContaining("redis:");
        assertThatThrownBy(() -> acquire("a")).isInstanceOf(InvalidException.class);
        assertThat(other.read(call(), "key")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dewy-store 2\ntime 1 1 boot-1\ncounter 1\n",
                "dewy-store 1\n",
                "dewy-store 1\ntime 1 1\ncounter 1\n",
                "dewy-store 1\ntime 1 1 boot-1\ncounter x\n",
                "dewy-store 1\ntime 1 1 boot-1\ncounter 1\nvalue a 1\n",
                "dewy-store 1\ntime 1 1 boot-1\ncounter 1\nworth a 1 9000 b\n",
                "dewy-store 1\ntime 1 1 boot-1\ncounter 1\nvalue a 1 9000 %\n"
            })
    void isNeverTakenForEmptyWhenItCannotBeUnderstood(String damaged) throws Exception {
        acquire("a");
        Files.writeString(file, damaged);

        assertThatThrownBy(() -> store.read(call(), "key"))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> acquire("a")).isInstanceOf(InvalidException.class);
        assertThat(file).hasContent(damaged);
    }

    @Test
    void isNeverTakenForEmptyWhenItCannotBeRead() throws Exception {
        Files.createDirectories(file);

        assertThatThrownBy(() -> store.list(call(), "")).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> acquire("a")).isInstanceOf(StorageException.class);
    }

    @Test
    void theCacheBesideItLeavesItAlone() throws Exception {
        Entry entry = write(Write.create("key", "x".repeat(20_000)));
        List<Path> before = files();
        TestCache cache = new TestCache(folder, 1_000);
        cache.put(".dewy.store", "y".repeat(900));
        cache.put("other", "z".repeat(900));
        cache.cache.markCurrent(call(), "other");

        assertThat(cache.keys()).containsExactly("other");
        cache.cache.delete(call(), ".dewy.store");
        assertThat(files()).containsExactlyElementsOf(before);
        assertThat(store.read(call(), "key")).contains(entry);
    }

    @Test
    void leavesAloneWhatOthersKeepThereAndWhatTheCacheKeeps() throws Exception {
        new TestCache(folder).put("store", "content");
        write(Write.create("first", "1"));
        Path notes = Files.writeString(folder.resolve(".dewy.store/notes"), "of somebody");
        Entry entry = write(Write.create("store", "1"));
        store.compareAndDelete(call(), Delete.of(entry));

        assertThat(notes).hasContent("of somebody");
        assertThat(new TestCache(folder).keys()).containsExactly("store");
    }

    @Test
    void whatAProcessLeftThatWasKilledIsRemovedByTheNextChange() throws Exception {
        write(Write.create("key", "1"));
        Path left = Files.writeString(folder.resolve(".dewy.store/.dewy-1-1-1.part"), "dewy-store 1\nti");
        assertThat(store.read(call(), "key")).isPresent();
        write(Write.create("other", "1"));

        assertThat(left).doesNotExist();
    }

    /** Root may do what others may not, so it sees nothing of that. */
    @Test
    void whatAProcessOfAnotherUserLeftStopsNobody() throws Exception {
        write(Write.create("key", "1"));
        Path left = Files.createFile(folder.resolve(".dewy.store/.dewy-1-1-1.part"));
        Files.setPosixFilePermissions(left, Set.of());

        assertThat(write(Write.create("other", "1")).revision()).isPositive();
    }

    @Test
    void holdsSomeThousandKeys() throws Exception {
        for (int i = 0; i < 50; i++) {
            write(Write.create("key " + i, "1"));
        }
        String lines = Files.readString(file);
        StringBuilder more = new StringBuilder(lines);
        IntStream.range(0, 5_000)
                .forEach(i -> more.append("value more+").append(i).append(" 1 9223372036854775807 1\n"));
        Files.writeString(file, more);

        write(Write.create("last", "1"));
        assertThat(store.list(call(), "more ")).hasSize(5_000);
        assertThat(store.list(call(), "")).hasSize(5_051);
    }

    private TextStore storeOf(TestUptime uptime) {
        return new TextStore(new StoreFile(folder, uptime::now, () -> wallClock), () -> 0);
    }

    private Lease acquire(String owner) throws Exception {
        return store.acquire(call(), claim(owner)).orElseThrow();
    }

    private static Claim claim(String owner) {
        return new Claim("deploy", owner, TERM);
    }

    private Entry write(Write write) throws Exception {
        return store.compareAndSet(call(), write).orElseThrow();
    }

    private void remove() throws IOException {
        for (Path one : files()) {
            Files.delete(one);
        }
        Files.delete(file.getParent());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.sorted().toList();
        }
    }
}
