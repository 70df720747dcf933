package dewy.tck;

import static dewy.tck.Calls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancellableCall;
import dewy.api.InvalidException;
import dewy.api.plugin.AdoptingProvider;
import dewy.api.plugin.Handover;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.PluginUrl;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What an instance holds goes over to its successor whole, or stays where it is. The contracts of the kinds that always
 * hand something over include it; the test of any other plugin whose provider is {@linkplain AdoptingProvider adopting}
 * implements it as well.
 *
 * @param <T> what the provider opens
 */
public interface HandoverContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    /** Far above the formats that anybody has. */
    int NO_FORMAT = 1_000_000;

    /** Checks that an instance which was {@linkplain #use used}, or has taken over from one, does its work. */
    default void assertAtWork(T instance) throws Exception {
        try (CancellableCall call = call()) {
            use(instance, call);
        }
    }

    /**
     * Returns a state as an earlier version of the plugin would have written it.
     *
     * @param now what this version hands over
     * @param format one that this version {@linkplain AdoptingProvider#adopts adopts}, other than its own
     */
    default HandoverState inFormat(HandoverState now, int format) {
        throw new AssertionError("the plugin says that it adopts format " + format + ": say how that was written");
    }

    @Test
    default void goesOnAsBeforeWhenAHandoverIsAborted() throws Exception {
        try (T old = atWork()) {
            prepare(old);
            handover(old).abort();
            assertAtWork(old);
            prepare(old);
            handover(old).abort();
            assertAtWork(old);
        }
    }

    @Test
    default void leavesEverythingToItsSuccessor() throws Exception {
        AdoptingProvider<T> provider = adopting();
        T old = atWork();
        try (T successor = adopt(provider, prepare(old))) {
            handover(old).commit();
            assertAtWork(successor);
            old.close();
            assertAtWork(successor);
        }
    }

    @Test
    default void isHandedOverAgainAndAgain() throws Exception {
        AdoptingProvider<T> provider = adopting();
        T current = atWork();
        for (int i = 0; i < 3; i++) {
            T successor = adopt(provider, prepare(current));
            handover(current).commit();
            current.close();
            current = successor;
            assertAtWork(current);
        }
        current.close();
    }

    @Test
    default void handsOverInTheFormatThatItSays() throws Exception {
        AdoptingProvider<T> provider = adopting();
        try (T old = atWork()) {
            assertThat(prepare(old).format())
                    .as("the format of what is handed over")
                    .isEqualTo(provider.format());
            handover(old).abort();
            assertThat(provider.adopts(provider.format()))
                    .as("it adopts its own format")
                    .isTrue();
        }
    }

    @Test
    default void adoptsEveryFormatThatItSays() throws Exception {
        AdoptingProvider<T> provider = adopting();
        int[] earlier =
                IntStream.range(0, provider.format()).filter(provider::adopts).toArray();
        for (int format : earlier) {
            T old = atWork();
            try (T successor = adopt(provider, inFormat(prepare(old), format))) {
                handover(old).commit();
                old.close();
                assertAtWork(successor);
            }
        }
    }

    @Test
    default void refusesAFormatThatItDoesNotKnow() throws Exception {
        AdoptingProvider<T> provider = adopting();
        assertThat(provider.adopts(NO_FORMAT)).isFalse();
        assertThat(provider.adopts(provider.format() + 1)).isFalse();
        try (T old = atWork()) {
            HandoverState state = prepare(old);
            for (int format : new int[] {provider.format() + 1, NO_FORMAT}) {
                HandoverState strange = new HandoverState(format, state.data(), state.resources());
                TypedFailure.of(() -> adopt(provider, strange).close(), InvalidException.class, secrets());
            }
            handover(old).abort();
            assertAtWork(old);
        }
    }

    private AdoptingProvider<T> adopting() {
        assertThat(provider()).isInstanceOf(AdoptingProvider.class);
        return (AdoptingProvider<T>) provider();
    }

    private T atWork() throws Exception {
        T instance = open();
        try (CancellableCall call = call()) {
            use(instance, call);
        }
        return instance;
    }

    private HandoverState prepare(T instance) throws Exception {
        try (CancellableCall call = call()) {
            return handover(instance).prepare(call);
        }
    }

    private T adopt(AdoptingProvider<T> provider, HandoverState state) throws Exception {
        return provider.adopt(PluginUrl.parse(url()), app(), state);
    }

    private static Handover handover(Object instance) {
        assertThat(instance).as("an instance of a provider that adopts").isInstanceOf(Handover.class);
        return (Handover) instance;
    }
}
