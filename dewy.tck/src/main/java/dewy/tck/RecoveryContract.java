package dewy.tck;

import static dewy.tck.Applicable.when;
import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import dewy.api.process.Inheritable;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What an agent left running is found by the next one, and gone on with. Included in the contracts of the kinds that keep
 * something running.
 *
 * @param <T> what the provider opens
 */
public interface RecoveryContract<T extends AutoCloseable> extends HandoverContract<T> {
    /** Returns those of the resources that were kept which core finds again on this host. */
    default Map<String, Inheritable> survivors(Map<String, Inheritable> kept) {
        return kept;
    }

    /** Returns whether the plugin finds what is left of an app itself, whatever was kept. */
    default boolean findsByItself() {
        return false;
    }

    @Test
    default void recoversNothingWhereNothingIsLeft() throws Exception {
        assertThat(recover(app(), Optional.empty())).isEmpty();
    }

    @Test
    default void goesOnWithWhatWasLeft() throws Exception {
        leave();
        Optional<HandoverState> left = recover(app(), record().map(kept -> kept.with(survivors(kept.resources()))));
        assertOneOfEach(left);
        assertIsTakenOver(left);
    }

    @Test
    default void isLeftAndRecoveredAgainAndAgain() throws Exception {
        T current = atWork();
        for (int i = 0; i < 3; i++) {
            letGo(current);
            Optional<HandoverState> left = recover(app(), record().map(kept -> kept.with(survivors(kept.resources()))));
            assertOneOfEach(left);
            current = adopting().adopt(PluginUrl.parse(url()), app(), left.orElseThrow());
            assertAtWork(current);
        }
        current.close();
    }

    @TestFactory
    default Stream<DynamicTest> findsByItselfWhatIsLeft() {
        return when(findsByItself(), "although nothing was kept", () -> {
            leave();
            assertIsTakenOver(recover(app(), Optional.empty()));
        });
    }

    @TestFactory
    default Stream<DynamicTest> goesOnByARecordWithoutResources() {
        return when(findsByItself(), "although nothing of it belongs to this host", () -> {
            leave();
            Optional<HandoverState> left = recover(app(), record().map(kept -> kept.with(Map.of())));
            assertOneOfEach(left);
            assertIsTakenOver(left);
        });
    }

    @TestFactory
    default Stream<DynamicTest> recoversNothingOfAnotherApp() {
        return when(findsByItself() && app() instanceof TestApp, "an app of another name", () -> {
            try (T instance = atWork()) {
                assertThat(recover(((TestApp) app()).named("other"), Optional.empty()))
                        .isEmpty();
                assertAtWork(instance);
            }
        });
    }

    @TestFactory
    default Stream<DynamicTest> leavesNothingBehindThatCouldBeRecovered() {
        return when(findsByItself(), "once it was closed", () -> {
            T instance = atWork();
            Optional<HandoverState> kept = record();
            instance.close();
            assertThat(recover(app(), Optional.empty())).isEmpty();
            assertThat(recover(app(), kept.map(state -> state.with(Map.of()))))
                    .as("what a record says that is older than its end")
                    .isEmpty();
        });
    }

    private void assertIsTakenOver(Optional<HandoverState> left) throws Exception {
        assertThat(left).as("what is left").isPresent();
        try (T successor = adopting().adopt(PluginUrl.parse(url()), app(), left.get())) {
            assertAtWork(successor);
        }
    }

    private static void assertOneOfEach(Optional<HandoverState> left) {
        assertThat(left).as("what is left").isPresent();
        assertThat(left.get().resources().values().stream().map(Inheritable::reference))
                .doesNotHaveDuplicates();
    }

    /** Returns what the agent kept last. */
    private Optional<HandoverState> record() {
        return app() instanceof TestApp app ? app.record() : Optional.empty();
    }

    private Optional<HandoverState> recover(AppContext app, Optional<HandoverState> kept) throws Exception {
        try (CancellableCall call = call()) {
            return adopting().recover(call, PluginUrl.parse(url()), app, kept);
        }
    }

    private void leave() throws Exception {
        letGo(atWork());
    }

    /** Ends an instance, and leaves what it holds. */
    private void letGo(T instance) throws Exception {
        try (CancellableCall call = call()) {
            ((Handover) instance).prepare(call);
        }
        ((Handover) instance).commit();
        instance.close();
    }

    private T atWork() throws Exception {
        T instance = open();
        try (CancellableCall call = call()) {
            use(instance, call);
        }
        return instance;
    }

    private AdoptingProvider<T> adopting() {
        return (AdoptingProvider<T>) provider();
    }
}
