package dewy.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.InvalidException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A URL is judged whole, and before anything is asked.
 *
 * @param <T> what the provider opens
 */
public interface UrlContract<T extends AutoCloseable> extends PluginUnderTest<T> {
    /** Two at once, which nobody knows. */
    List<String> UNKNOWN = List.of("no-such-parameter", "nor-this-one");

    @Test
    default void refusesAUrlNamingEveryParameterThatIsWrong() {
        for (WrongUrl wrong : wrongUrls()) {
            assertRefused(wrong.url(), wrong.names());
        }
    }

    @Test
    default void refusesUnknownParametersBesideWhateverElseIsWrong() {
        assertRefused(withUnknown(url()), UNKNOWN);
        for (WrongUrl wrong : wrongUrls()) {
            List<String> all = new ArrayList<>(wrong.names());
            all.addAll(UNKNOWN);
            assertRefused(withUnknown(wrong.url()), all);
        }
    }

    @Test
    default void opensWithoutAskingTheRemote() throws Throwable {
        for (Trouble trouble : List.of(Trouble.DOWN, Trouble.HANGING)) {
            if (troubles().containsKey(trouble)) {
                befall(trouble);
                break;
            }
        }
        long before = asked();
        InProgress.start("opening", () -> open().close()).await(Calls.DELAY);
        assertThat(asked()).as("requests because of opening").isEqualTo(before);
    }

    @Test
    default void showsNoSecretOfItsUrl() throws Exception {
        try (T instance = open()) {
            assertThat(secrets()).noneMatch(provider().toString()::contains);
            assertThat(secrets()).noneMatch(instance.toString()::contains);
        }
    }

    private void assertRefused(String url, List<String> names) {
        InvalidException refusal = TypedFailure.of(() -> open(url).close(), InvalidException.class, secrets());
        assertThat(refusal.names()).as(url).containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            assertThat(refusal.problem().sentence()).as(url).contains(name);
        }
    }

    private static String withUnknown(String url) {
        String parameters = String.join("=1&", UNKNOWN) + "=1";
        return url + (url.contains("?") ? "&" : "?") + parameters;
    }
}
