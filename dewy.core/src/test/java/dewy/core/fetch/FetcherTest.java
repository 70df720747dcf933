package dewy.core.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.event.Event;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Digest;
import dewy.api.release.Release;
import dewy.api.store.Claim;
import dewy.api.store.Store;
import dewy.core.backoff.Pause;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import dewy.core.fleet.DownloadTurns;
import dewy.core.fleet.SharedPlace;
import dewy.core.fleet.SharedStore;
import dewy.core.plugin.PluggedIn;
import dewy.core.plugin.PluginKind;
import dewy.core.plugin.PluginSlot;
import dewy.core.verify.Signer;
import dewy.core.verify.TrustedKeys;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched from a cache that checks nothing itself, as its plugin should. */
class FetcherTest {
    private static final String RIGHT = "what was published";
    private static final String POISON = "what an intruder put";

    private final Path folder;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final EventScope scope = new EventStream(() -> Instant.EPOCH, events::add, Runnable::run).scope("web");
    private final AtomicInteger downloads = new AtomicInteger();
    private final CarelessCache cache = new CarelessCache();
    private TrustedKeys trusted = TrustedKeys.NONE;
    private byte[] signature = {};
    private final PluggedIn plugins;
    private final SharedPlace place = new SharedPlace(() -> SharedPlace.nanos(now()));
    private volatile Instant now = Instant.EPOCH;
    private volatile Runnable whenRead = () -> {};
    private volatile Runnable whenWaiting = () -> {};

    FetcherTest(@TempDir Path folder) {
        this.folder = folder;
        this.plugins = new PluggedIn(folder);
    }

    @AfterEach
    void end() {
        plugins.close();
    }

    @Test
    void takesWhatTheCacheHolds() throws Exception {
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(told("artifact.found")).isEmpty();
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(told("artifact.found")).hasSize(1);
        assertThat(downloads).hasValue(1);
    }

    @Test
    void fetchesAnewWhatWasPoisonedInTheCache() throws Exception {
        fetch(Optional.empty());
        cache.contents.replaceAll((key, content) -> POISON);
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
        assertThat(events)
                .filteredOn(event -> event.type().equals("artifact.discarded"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.data().getOrDefault("reason", "")).contains("is damaged"));
    }

    @Test
    void fetchesAnewWhatHasAnotherLengthThanTheRegistryTells() throws Exception {
        fetch(Optional.empty());
        cache.contents.replaceAll((key, content) -> POISON);
        cache.blobs.replaceAll((key, blob) -> new Blob(key, POISON.length(), digest("sha256", POISON)));
        assertThat(fetch(Artifact.archive("app.zip", "id").withSize(RIGHT.length()), Optional.empty()))
                .isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
    }

    @Test
    void fetchesAnewWhatWasPoisonedAndIsDeclaredByAnotherKindOfDigest() throws Exception {
        Optional<Digest> declared = Optional.of(digest("sha512", RIGHT));
        fetch(declared);
        cache.contents.replaceAll((key, content) -> POISON);
        assertThat(fetch(declared)).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
    }

    @Test
    void fetchesAnewWhatWasPoisonedTogetherWithItsDigestIfTheRegistryDeclaresOne() throws Exception {
        Optional<Digest> declared = Optional.of(digest("sha256", RIGHT));
        fetch(declared);
        cache.contents.replaceAll((key, content) -> POISON);
        cache.blobs.replaceAll((key, blob) -> new Blob(key, POISON.length(), digest("sha256", POISON)));
        assertThat(fetch(declared)).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
    }

    @Test
    void fetchesAnewWhatWasPoisonedTogetherWithItsDigestIfItMustBeSigned() throws Exception {
        Signer publisher = trusted();
        signature = publisher.sign(RIGHT.getBytes(UTF_8));
        fetch(Optional.empty());
        cache.contents.replaceAll((key, content) -> POISON);
        cache.blobs.replaceAll((key, blob) -> new Blob(key, POISON.length(), digest("sha256", POISON)));
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
        assertThat(told("artifact.discarded")).singleElement().satisfies(event -> assertThat(
                        event.data().getOrDefault("reason", ""))
                .contains("it is not signed by cosign:"));
        assertThat(told("signature.verified")).hasSize(2);
        assertThat(cache.contents).containsEntry("v1.0.0--app.zip", RIGHT);
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void keepsNothingThatIsSignedWrongly() throws Exception {
        Signer publisher = trusted();
        signature = publisher.sign(POISON.getBytes(UTF_8));
        assertThatThrownBy(() -> fetch(Optional.empty()))
                .isInstanceOf(CorruptException.class)
                .hasMessageContaining("app.zip of v1.0.0: it is not signed by cosign:");
        assertThat(told("signature.refused")).hasSize(1);
        assertThat(cache.contents).isEmpty();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    private Signer trusted() throws Exception {
        Signer publisher = Signer.make();
        trusted = TrustedKeys.of(publisher.key());
        return publisher;
    }

    @Test
    void fetchesAnewWhatIsGoneBetweenTheLookAndTheRead() throws Exception {
        fetch(Optional.empty());
        cache.contents.clear();
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
    }

    @Test
    void goesOnWithoutACacheThatIsSilentAndDoesNotTakeItForADamagedOne() throws Exception {
        fetch(Optional.empty());
        cache.silent = true;
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
        assertThat(cache.blobs).hasSize(1);
        assertThat(told("cache.failed")).singleElement().satisfies(event -> assertThat(event.data())
                .containsEntry("error", "Cannot read v1.0.0--app.zip: it timed out"));
    }

    @Test
    void goesOnWithoutACacheThatIsDown() throws Exception {
        cache.down = true;
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(told("cache.failed")).hasSize(1);
    }

    @Test
    void goesOnWithoutKeepingWhatTheCacheHasNoRoomFor() throws Exception {
        cache.full = true;
        assertThat(fetch(Optional.empty())).isEqualTo(RIGHT);
        assertThat(told("cache.failed")).hasSize(1);
        assertThat(cache.blobs).isEmpty();
    }

    @Test
    void downloadsOnceWhatItGivesTheCache() throws Exception {
        fetch(Optional.empty());
        assertThat(cache.reads).hasValue(0);
        assertThat(cache.contents).containsEntry("v1.0.0--app.zip", RIGHT);
    }

    @Test
    void leavesNothingInTheTemporaryFolder() throws Exception {
        fetch(Optional.empty());
        cache.contents.replaceAll((key, content) -> POISON);
        fetch(Optional.empty());
        cache.silent = true;
        fetch(Optional.empty());
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void oneOfManyHostsDownloadsAndTheOthersTakeItFromTheCache() throws Exception {
        List<Callable<String>> hosts = IntStream.range(0, 8)
                .<Callable<String>>mapToObj(i -> () -> fetch("host-" + i))
                .toList();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (Future<String> host : threads.invokeAll(hosts)) {
                assertThat(host.get()).isEqualTo(RIGHT);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(downloads).hasValue(1);
    }

    @Test
    void anotherHostDownloadsWhereOneDiedAtIt() throws Exception {
        fetch("dead");
        String turn = place.claimed().get(0);
        cache.delete(CancellableCall.of("test", Duration.ofMinutes(1)), "v1.0.0--app.zip");
        place.acquire(
                CancellableCall.of("test", Duration.ofMinutes(1)), new Claim(turn, "dead", Duration.ofSeconds(30)));
        AtomicInteger waited = new AtomicInteger();
        whenWaiting = () -> {
            waited.incrementAndGet();
            now = now.plusSeconds(10);
        };

        assertThat(fetch("next")).isEqualTo(RIGHT);
        assertThat(waited).hasValue(3);
        assertThat(told("artifact.expected")).hasSize(1);
        assertThat(downloads).hasValue(2);
    }

    @Test
    void aHostThatWasHeldUpForLongDoesNotOverwriteWhatItsSuccessorPutIntoTheCache() throws Exception {
        whenRead = () -> now = now.plusSeconds(21);
        assertThat(fetch("paused")).isEqualTo(RIGHT);
        assertThat(cache.blobs).isEmpty();
        assertThat(told("artifact.cached")).isEmpty();
    }

    @Test
    void aHostKeepsItsTurnAsLongAsSomethingArrives() throws Exception {
        whenRead = () -> now = now.plusSeconds(15);
        assertThat(fetch("slow")).isEqualTo(RIGHT);
        assertThat(told("artifact.cached")).hasSize(1);
    }

    @Test
    void noHostWaitsForWhatTheCacheHasNoRoomFor() throws Exception {
        cache.full = true;
        fetch("first");
        whenWaiting = () -> {
            throw new AssertionError("it waits");
        };
        place.acquire(
                CancellableCall.of("test", Duration.ofMinutes(1)),
                new Claim(place.claimed().get(0), "second", Duration.ofSeconds(30)));
        assertThat(fetch("third")).isEqualTo(RIGHT);
        assertThat(downloads).hasValue(2);
    }

    private Instant now() {
        return now;
    }

    private String fetch(String host) throws Exception {
        try (PluginSlot<Store> slot = plugins.slot(PluginKind.STORE, scope, (url, app) -> place)) {
            SharedStore store = new SharedStore(slot, host, scope, () -> SharedPlace.nanos(now));
            return fetch(Optional.empty(), Optional.of(store));
        }
    }

    private List<Event> told(String type) {
        return events.stream().filter(event -> event.type().equals(type)).toList();
    }

    private String fetch(Optional<Digest> declared) throws Exception {
        return fetch(declared, Optional.empty());
    }

    private String fetch(Optional<Digest> declared, Optional<SharedStore> store) throws Exception {
        Artifact named = Artifact.archive("app.zip", "id");
        return fetch(declared.map(named::withDigest).orElse(named), store);
    }

    private String fetch(Artifact artifact, Optional<SharedStore> store) throws Exception {
        Artifact beside = Artifact.archive("app.zip.sig", "signature");
        Deliverable deliverable =
                new Deliverable(new Release("v1.0.0", Optional.empty(), List.of(artifact, beside)), artifact);
        ArtifactSource source = new Downloads(downloads, signature, () -> whenRead.run());
        Pause pause = new Pause() {
            @Override
            public Duration length(int failures) {
                return Duration.ZERO;
            }

            @Override
            public void await(Call waiting, Duration length) throws DewyException {
                whenWaiting.run();
                Thread.onSpinWait();
                waiting.check();
            }
        };
        try (PluginSlot<ArtifactSource> sources = plugins.slot(PluginKind.ARTIFACT, scope, (url, app) -> source);
                PluginSlot<Cache> caches = plugins.slot(PluginKind.CACHE, scope, (url, app) -> cache);
                CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1))) {
            Fetcher fetcher = new Fetcher(
                    sources, caches, new DownloadTurns(store, pause), trusted, folder.resolve("tmp"), pause);
            try (LocalArtifact fetched = fetcher.fetch(call, deliverable, scope)) {
                return Files.readString(fetched.file());
            }
        }
    }

    private static Digest digest(String algorithm, String content) {
        MessageDigest calculation = Digest.calculation(algorithm);
        calculation.update(content.getBytes(UTF_8));
        return Digest.of(calculation);
    }

    @SuppressWarnings("ArrayRecordComponent") // It is only read.
    private record Downloads(AtomicInteger count, byte[] signature, Runnable whenRead) implements ArtifactSource {
        @Override
        public ArtifactStream open(Call call, Deliverable deliverable, long offset, Optional<String> validator) {
            boolean isSignature = deliverable.artifact().name().endsWith(".sig");
            byte[] content = isSignature ? signature : RIGHT.getBytes(UTF_8);
            if (!isSignature) {
                count.incrementAndGet();
            }
            return new ArtifactStream(
                    new SlowStream(content, whenRead), 0, OptionalLong.of(content.length), Optional.empty());
        }

        @Override
        public void close() {}
    }

    /** Gives one byte at a time. */
    private static final class SlowStream extends ByteArrayInputStream {
        private final Runnable whenRead;

        SlowStream(byte[] content, Runnable whenRead) {
            super(content);
            this.whenRead = whenRead;
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            whenRead.run();
            return super.read(bytes, offset, Math.min(length, 1));
        }
    }

    private static final class CarelessCache implements Cache {
        private final Map<String, Blob> blobs = new ConcurrentHashMap<>();
        private final Map<String, String> contents = new ConcurrentHashMap<>();
        private volatile boolean silent;
        private volatile boolean down;
        private volatile boolean full;
        private final AtomicInteger reads = new AtomicInteger();

        @Override
        public Optional<Blob> find(Call call, String key) throws DewyException {
            if (down) {
                throw new UnreachableException(Problem.of("look", key, "no connection can be made", ""));
            }
            return Optional.ofNullable(blobs.get(key));
        }

        @Override
        public InputStream read(Call call, Blob blob) throws DewyException {
            reads.incrementAndGet();
            if (silent) {
                Problem problem = Problem.of("read", blob.key(), "it timed out", "");
                return new SilentStream(new IOException("timed out", new UnreachableException(problem)));
            }
            String content = contents.get(blob.key());
            if (content == null) {
                throw new NotFoundException(Problem.of("read", blob.key(), "it was evicted", ""));
            }
            return new ByteArrayInputStream(content.getBytes(UTF_8));
        }

        @Override
        public BlobWriter write(Call call, String key, long expectedSize) throws DewyException {
            if (full) {
                throw new StorageException(Problem.of("keep", key, "it is larger than the limit", ""));
            }
            return new Writer(this, key, new ByteArrayOutputStream());
        }

        @Override
        public void delete(Call call, String key) {
            blobs.remove(key);
        }

        @Override
        public List<Blob> list(Call call) {
            return List.copyOf(blobs.values());
        }

        @Override
        public void markCurrent(Call call, String key) {}

        @Override
        public void close() {}
    }

    private static final class SilentStream extends InputStream {
        private final IOException failure;

        SilentStream(IOException failure) {
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            throw failure;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            throw failure;
        }
    }

    private record Writer(CarelessCache cache, String key, ByteArrayOutputStream bytes) implements BlobWriter {
        @Override
        public void write(byte[] more, int offset, int length) {
            bytes.write(more, offset, length);
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public Digest digest(String algorithm) {
            return FetcherTest.digest(algorithm, bytes.toString(UTF_8));
        }

        @Override
        public void reset() {
            bytes.reset();
        }

        @Override
        public Blob commit() {
            Blob blob = new Blob(key, size(), digest("sha256"));
            cache.blobs.put(key, blob);
            cache.contents.put(key, bytes.toString(UTF_8));
            return blob;
        }

        @Override
        public void close() {}
    }
}
