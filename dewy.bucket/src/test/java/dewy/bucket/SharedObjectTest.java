package dewy.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An object that another host always changes first, for a while. */
@Timeout(30)
class SharedObjectTest {
    private static final int CONFLICTS = 4;

    private final List<Long> tries = new ArrayList<>();
    private final CancellableCall call = CancellableCall.of("test", Duration.ofSeconds(20));
    private Runnable whenTried = () -> {};

    /** Of fifty hosts that change it at once, each would otherwise ask as often as all others do. */
    @Test
    void isTriedAgainAfterAPauseThatGrowsWithEachConflict() throws Exception {
        assertThat(change()).contains("done");
        assertThat(tries).hasSize(CONFLICTS + 1);
        for (int i = 1; i < tries.size(); i++) {
            assertThat(Duration.ofNanos(tries.get(i) - tries.get(i - 1)))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(25L << (i - 1)));
        }
    }

    @Test
    void isNotTriedAgainOnceNobodyWantsIt() {
        whenTried = () -> call.cancel("nobody wants it");
        assertThatThrownBy(this::change).isInstanceOf(CancelledException.class);
        assertThat(tries).hasSize(1);
    }

    private Optional<String> change() throws Exception {
        SharedObject object = new SharedObject(bucket(), "key", "the object");
        return object.change(call, before -> Optional.of(new SharedObject.Changed<>("done", "content")));
    }

    private Bucket bucket() {
        return (Bucket) Proxy.newProxyInstance(
                Bucket.class.getClassLoader(),
                new Class<?>[] {Bucket.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "read" -> new Bucket.Held(Optional.of("1"), "", Instant.EPOCH);
                    case "replace" -> replace();
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private boolean replace() {
        tries.add(System.nanoTime());
        whenTried.run();
        return tries.size() > CONFLICTS;
    }
}
