package dewy.tck;

import static dewy.tck.Calls.call;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.cache.Blob;
import dewy.api.cache.BlobWriter;
import dewy.api.cache.Cache;
import dewy.api.cache.DamagedException;
import dewy.api.cache.LocalFiles;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is demanded of caches. All instances that are opened by one URL for one app are at one store. */
public abstract class CacheContract extends ProviderContract<Cache> {
    private static final String KEY = "v1.2.3--app_linux_amd64.tar.gz";

    /** Changes what the store holds of a blob behind the back of the plugin, without changing its length. */
    protected abstract void damage(String key) throws Exception;

    /** Writes, looks for and lists. */
    @Override
    public void use(Cache cache, Call call) throws Exception {
        put(cache, call, "used by " + Thread.currentThread().getId(), "content");
        cache.list(call);
    }

    @Override
    public boolean sharesInstances() {
        return true;
    }

    @Test
    void holdsNothingAtFirst() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            assertThat(cache.find(call, KEY)).isEmpty();
            assertThat(cache.list(call)).isEmpty();
            cache.delete(call, KEY);
        }
    }

    @Test
    void holdsWhatWasWritten() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            Blob blob = put(cache, call, KEY, Samples.LARGE);
            assertThat(blob).isEqualTo(blob(KEY, Samples.LARGE));
            assertHolds(cache, blob, Samples.LARGE);
            assertHolds(cache, put(cache, call, "v2--empty.zip", ""), "");
            assertThat(cache.list(call)).extracting(Blob::key).containsExactlyInAnyOrder(KEY, "v2--empty.zip");
        }
    }

    @Test
    void anotherInstanceHoldsItToo() throws Exception {
        try (Cache first = open();
                Cache second = open();
                CancellableCall call = call()) {
            Blob blob = put(first, call, KEY, Samples.LARGE);
            assertHolds(second, blob, Samples.LARGE);
            second.delete(call, KEY);
            assertThat(first.find(call, KEY)).isEmpty();
        }
    }

    @Test
    void showsNothingBeforeTheCommitAndLeavesNothingWithoutOne() throws Exception {
        try (Cache cache = open();
                Cache other = open();
                CancellableCall call = call()) {
            try (BlobWriter writer = cache.write(call, KEY, Samples.LARGE.length())) {
                write(writer, Samples.LARGE);
                assertThat(writer.size()).isEqualTo(Samples.LARGE.length());
                assertThat(cache.find(call, KEY)).isEmpty();
                assertThat(other.list(call)).isEmpty();
            }
            assertThat(cache.find(call, KEY)).isEmpty();
            assertThat(cache.list(call)).isEmpty();
        }
    }

    @Test
    void startsOverWhenAWriterIsReset() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call();
                BlobWriter writer = cache.write(call, KEY, -1)) {
            write(writer, "something longer that was wrong");
            writer.reset();
            assertThat(writer.size()).isZero();
            writer.write("xxrightxx".getBytes(UTF_8), 2, 5);
            assertHolds(cache, writer.commit(), "right");
        }
    }

    @Test
    void tellsTheDigestOfWhatWasWritten() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call();
                BlobWriter writer = cache.write(call, KEY, -1)) {
            write(writer, "something that was wrong");
            assertThat(writer.digest("sha256")).isEqualTo(Samples.digest("something that was wrong"));
            writer.reset();
            write(writer, "right ");
            assertThat(writer.digest("sha256")).isEqualTo(Samples.digest("right "));
            write(writer, "now");
            assertThat(writer.digest("sha512")).isEqualTo(Samples.digest("sha512", "right now"));
            assertThat(writer.digest("sha256"))
                    .isEqualTo(Samples.digest("right now"))
                    .isEqualTo(writer.commit().digest());
        }
    }

    @Test
    void replacesABlobWithTheSameKey() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            Blob old = put(cache, call, KEY, Samples.LARGE);
            Blob replacement = put(cache, call, KEY, Samples.OTHER);
            assertHolds(cache, replacement, Samples.OTHER);
            assertThat(cache.list(call)).containsExactly(replacement);
            TypedFailure.of(() -> cache.read(call, old).close(), NotFoundException.class, secrets());
        }
    }

    @Test
    void forgetsWhatIsDeleted() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            Blob blob = put(cache, call, KEY, "content");
            cache.delete(call, KEY);
            cache.delete(call, KEY);
            assertThat(cache.find(call, KEY)).isEmpty();
            assertThat(cache.list(call)).isEmpty();
            TypedFailure.of(() -> cache.read(call, blob).close(), NotFoundException.class, secrets());
        }
    }

    @Test
    void givesOutNothingThatWasDamaged() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            Blob blob = put(cache, call, KEY, Samples.LARGE);
            damage(KEY);
            if (cache instanceof LocalFiles files) {
                TypedFailure.of(() -> files.file(call, blob), NotFoundException.class, secrets());
            } else if (cache.find(call, KEY).isPresent()) {
                assertThat(catchThrowable(() -> read(cache, call, blob))).isInstanceOf(DamagedException.class);
            }
            assertHolds(cache, put(cache, call, KEY, Samples.LARGE), Samples.LARGE);
        }
    }

    @Test
    void aReadOfWhatWasDamagedFails() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            Blob blob = put(cache, call, KEY, Samples.LARGE);
            damage(KEY);
            assertThat(catchThrowable(() -> read(cache, call, blob)))
                    .isInstanceOfAny(DamagedException.class, DewyException.class);
        }
    }

    @Test
    void writersOfOneKeyDoNotMixTheirContent() throws Throwable {
        List<String> contents = List.of(Samples.LARGE, Samples.OTHER, "short", "");
        try (Cache first = open();
                Cache second = open();
                CancellableCall call = call()) {
            List<InProgress> writing = new ArrayList<>();
            for (int i = 0; i < contents.size(); i++) {
                Cache cache = i % 2 == 0 ? first : second;
                String content = contents.get(i);
                writing.add(InProgress.start("writer " + i, () -> {
                    for (int round = 0; round < 5; round++) {
                        put(cache, call, KEY, content);
                    }
                }));
            }
            for (InProgress one : writing) {
                one.await(Calls.PLENTY);
            }
            Blob last = first.find(call, KEY).orElseThrow();
            String content = read(second, call, last);
            assertThat(contents).contains(content);
            assertThat(last).isEqualTo(blob(KEY, content));
            assertThat(first.list(call)).containsExactly(last);
        }
    }

    @Test
    void aWriterEndsWithItsCall() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call();
                CancellableCall later = call();
                BlobWriter writer = cache.write(call, KEY, -1)) {
            write(writer, "some");
            call.cancel("the test cancelled it");
            TypedFailure.of(() -> write(writer, "more"), CancelledException.class, secrets());
            TypedFailure.of(() -> writer.digest("sha256"), CancelledException.class, secrets());
            TypedFailure.of(writer::commit, CancelledException.class, secrets());
            assertThat(cache.find(later, KEY)).isEmpty();
        }
    }

    @Test
    void doesNothingAtAllForACallThatIsOver() throws Exception {
        try (Cache cache = open();
                CancellableCall live = call();
                CancellableCall over = Calls.cancelled()) {
            Blob blob = put(cache, live, KEY, "content");
            Set<org.assertj.core.api.ThrowableAssert.ThrowingCallable> all = Set.of(
                    () -> cache.find(over, KEY),
                    () -> cache.read(over, blob).close(),
                    () -> cache.write(over, KEY, 1).close(),
                    () -> cache.delete(over, KEY),
                    () -> cache.list(over),
                    () -> cache.markCurrent(over, KEY));
            for (var one : all) {
                TypedFailure.of(one, CancelledException.class, secrets());
            }
            assertHolds(cache, blob, "content");
        }
    }

    @Test
    void takesAnyKey() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            for (String key : List.of("release/v1--a b.tgz", "../../x--y", "current", "ü".repeat(300), "a:b*c?d")) {
                assertHolds(cache, put(cache, call, key, key), key);
            }
            assertThat(cache.list(call)).hasSize(5);
        }
    }

    @Test
    void keepsTheCurrentBlobAsItIs() throws Exception {
        try (Cache cache = open();
                CancellableCall call = call()) {
            Blob blob = put(cache, call, KEY, "content");
            cache.markCurrent(call, KEY);
            cache.markCurrent(call, KEY);
            assertHolds(cache, blob, "content");
            assertThat(cache.list(call)).containsExactly(blob);
        }
    }

    private static void assertHolds(Cache cache, Blob blob, String content) throws Exception {
        try (CancellableCall call = call()) {
            assertThat(cache.find(call, blob.key())).isEqualTo(Optional.of(blob));
            assertThat(read(cache, call, blob)).isEqualTo(content);
            if (cache instanceof LocalFiles files) {
                assertThat(files.file(call, blob)).hasContent(content);
            }
        }
    }

    private static String read(Cache cache, Call call, Blob blob) throws Exception {
        try (InputStream in = cache.read(call, blob)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static Blob put(Cache cache, Call call, String key, String content) throws Exception {
        try (BlobWriter writer = cache.write(call, key, content.getBytes(UTF_8).length)) {
            write(writer, content);
            return writer.commit();
        }
    }

    private static void write(BlobWriter writer, String content) throws Exception {
        byte[] bytes = content.getBytes(UTF_8);
        int half = bytes.length / 2;
        writer.write(bytes, 0, half);
        writer.write(bytes, half, bytes.length - half);
    }

    private static Blob blob(String key, String content) {
        return new Blob(key, content.getBytes(UTF_8).length, Samples.digest(content));
    }
}
