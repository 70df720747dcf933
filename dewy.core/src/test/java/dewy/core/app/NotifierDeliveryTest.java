package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages that a notifier does not take at once. */
@Timeout(60)
class NotifierDeliveryTest {
    private static final String PAUSED = "App paused by eve";
    private static final String RESUMED = "App resumed by eve";
    private static final String STOPPED = "Automatic shipping stopped by Dewy (server)";
    private static final Problem WRONG = new Problem("post", "", "no such channel", "");

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
    void oneThatItsPluginLeftWhenItWasStoppedIsToldByTheNextAndOnce() throws Exception {
        host.refusals.add(new CancelledException(new Problem("go on", "", "the plugin was stopped", "")));
        host.app().pause("eve");
        host.app().resume("eve");

        await(() -> host.posted.size() == 2);
        assertThat(host.posts).containsExactly(PAUSED, PAUSED, RESUMED);
        assertThat(host.told("notification.failed")).isEmpty();
    }

    @Test
    void whatWasNotReachedIsTriedAgainInOrder() throws Exception {
        host.refusals.addAll(List.of(away(), away(), away()));
        host.app().pause("eve");
        host.app().resume("eve");

        await(() -> host.posted.size() == 2);
        assertThat(host.posts).containsExactly(PAUSED, PAUSED, PAUSED, PAUSED, RESUMED);
        assertThat(host.told("notification.delayed")).hasSize(1);
        assertThat(host.told("notification.failed")).isEmpty();
        assertThat(host.app().status().failingNotifiers()).isEmpty();
    }

    @Test
    void whatIsTenMinutesOldIsGivenUpAfterThreeTries() throws Exception {
        host.refusals.addAll(List.of(away(), away(), away()));
        host.app().pause("eve");
        host.app().resume("eve");
        host.pass(Duration.ofMinutes(11));

        await(() -> host.posted.size() == 1);
        assertThat(host.posts).containsExactly(PAUSED, PAUSED, PAUSED, RESUMED);
        assertThat(host.told("notification.failed")).hasSize(1);
    }

    @Test
    void aStopTriesOnceMoreInsteadOfWaiting() throws Exception {
        host.refusals.add(away());
        host.app().pause("eve");
        await(() -> host.posts.size() == 1);
        host.close();

        assertThat(host.posts).containsExactly(PAUSED, PAUSED, STOPPED);
        assertThat(host.posted).containsExactly(PAUSED, STOPPED);
        assertThat(host.told("notification.failed")).isEmpty();
    }

    @Test
    void nothingIsAskedOfWhoAsksForAPauseThatIsTooLong() throws Exception {
        host.refusals.add(new RateLimitedException(WRONG, host.now.plus(Duration.ofHours(1))));
        host.app().pause("eve");
        host.app().resume("eve");

        await(() -> host.app().status().failingNotifiers().stream().anyMatch(trouble -> trouble.lost() == 2));
        assertThat(host.posts).containsExactly(PAUSED);
    }

    @Test
    void theSameFailureIsToldOnceUntilItIsOver() throws Exception {
        host.refusals.addAll(List.of(new InvalidException(WRONG), new InvalidException(WRONG)));
        host.app().pause("eve");
        host.app().resume("eve");
        await(() -> host.posts.size() == 2);
        host.app().pause("eve");
        await(() -> host.posted.size() == 1);
        host.refusals.add(new InvalidException(WRONG));
        host.app().resume("eve");
        await(() -> host.told("notification.failed").size() == 2);

        assertThat(host.told("notification.still_failing")).hasSize(1);
    }

    @Test
    void parametersOfAllNotifiersAreNotThePlugins() throws Exception {
        host.options.put("notifier", List.of("test://a?quiet=true&x=1", "test://a?x=1"));
        host.untold = true;

        assertThat(host.app().testNotifiers("eve").keySet()).containsExactly("test://a?quiet=true&x=1", "test://a?x=1");
        host.untold = false;
        host.app().pause("eve");
        await(() -> host.posted.size() == 1);
        host.close();
        assertThat(host.posted).containsExactly(PAUSED, STOPPED);
    }

    private static DewyException away() {
        return new UnreachableException(new Problem("post", "", "nobody answers", ""));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.onSpinWait();
        }
    }
}
