package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.NotifierTrouble;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the status of an app says of its notifiers. */
@Timeout(30)
class TroubledNotifierTest {
    @TempDir
    Path folder;

    private ScriptedHost host;

    @BeforeEach
    void open() {
        host = new ScriptedHost(folder);
        host.options.put("notifier", List.of("test:"));
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void isKnownSinceItFailedFirstUntilItSucceeds() throws Exception {
        host.untold = true;
        Instant first = host.now;
        host.app().pause("somebody");
        List<NotifierTrouble> one = await(troubles -> troubles.stream().anyMatch(trouble -> trouble.lost() == 1));
        host.pass(Duration.ofMinutes(3));
        host.app().resume("somebody");
        List<NotifierTrouble> two = await(troubles -> troubles.stream().anyMatch(trouble -> trouble.lost() == 2));

        assertThat(one).containsExactly(new NotifierTrouble("test:", first, 1, "Cannot post: no such channel"));
        assertThat(two).containsExactly(new NotifierTrouble("test:", first, 2, "Cannot post: no such channel"));

        host.untold = false;
        host.app().pause("somebody");
        assertThat(await(List::isEmpty)).isEmpty();
    }

    @Test
    void isToldApartFromOthersOfItsScheme() throws Exception {
        host.options.put("notifier", List.of("test://a", "test://b?token=1", "test://b?token=2"));
        host.untold = true;

        assertThat(host.app().testNotifiers("somebody").keySet())
                .containsExactly("test://a", "test://b?token=***", "test://b?token=*** (2)");

        host.app().pause("somebody");
        assertThat(await(troubles -> troubles.size() == 3))
                .extracting(NotifierTrouble::notifier)
                .containsExactly("test://a", "test://b?token=***", "test://b?token=*** (2)");
        assertThat(host.told("notification.failed"))
                .extracting(event -> event.data().get("notifier"))
                .containsExactlyInAnyOrder("test://a", "test://b?token=***", "test://b?token=*** (2)");
    }

    private List<NotifierTrouble> await(Predicate<List<NotifierTrouble>> wanted) throws Exception {
        List<NotifierTrouble> now = host.app().status().failingNotifiers();
        while (!wanted.test(now)) {
            Thread.onSpinWait();
            now = host.app().status().failingNotifiers();
        }
        return now;
    }
}
