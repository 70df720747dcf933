package dewy.api.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.CancellableCall;
import dewy.api.CancelledException;
import dewy.api.ExpiredException;
import dewy.api.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifetimeTest {
    private final Lifetime lifetime = new Lifetime();
    private final CancellableCall call = CancellableCall.of("trace", Duration.ofMinutes(1));
    private final Call bound = lifetime.bind(call);
    private final List<String> closed = new ArrayList<>();

    @Test
    void goesOnAsLongAsTheCallAndTheInstanceDo() throws Exception {
        bound.check();
        assertThat(bound.isOver()).isFalse();
        assertThat(bound.traceId()).isEqualTo("trace");
        assertThat(bound.remaining()).isPositive().isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void endsWhatIsInProgressWhenTheInstanceIsClosed() {
        bound.onCancel(() -> closed.add("connection"));
        lifetime.close();
        lifetime.close();

        assertThat(closed).containsExactly("connection");
        assertThat(bound.isOver()).isTrue();
        assertThat(bound.remaining()).isZero();
        assertThatThrownBy(bound::check)
                .isInstanceOf(CancelledException.class)
                .hasMessageContaining("the plugin was closed");
        assertThat(call.isOver()).isFalse();
    }

    @Test
    void endsWithItsCall() {
        bound.onCancel(() -> closed.add("connection"));
        call.expire();
        lifetime.close();

        assertThat(closed).containsExactly("connection");
        assertThatThrownBy(bound::check).isInstanceOf(ExpiredException.class);
    }

    @Test
    void isOverFromTheStartOnceTheInstanceIsClosed() {
        lifetime.close();
        Call late = lifetime.bind(call);
        late.onCancel(() -> closed.add("connection"));

        assertThat(closed).containsExactly("connection");
        assertThatThrownBy(late::check).isInstanceOf(CancelledException.class);
    }

    @Test
    void forgetsWhatIsDone() {
        Registration registration = bound.onCancel(() -> closed.add("connection"));
        registration.close();
        lifetime.close();
        call.cancel("nobody wants it");

        assertThat(closed).isEmpty();
    }
}
