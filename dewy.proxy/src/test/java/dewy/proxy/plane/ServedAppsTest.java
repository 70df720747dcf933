package dewy.proxy.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.proxy.Admission;
import dewy.proxy.control.Contents;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.Backends;
import dewy.proxy.traffic.Sites.Site;
import dewy.proxy.traffic.TrafficSettings;
import dewy.proxy.traffic.TrafficSettings.Mode;
import dewy.tck.Await;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedAppsTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    @TempDir
    Path folder;

    private ServedApps apps;

    @BeforeEach
    void listen() throws InterruptedException {
        apps = new ServedApps(loops, PassedSockets.listen(folder.resolve("passing"), loops));
    }

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Who gives up to open one closes it, and that may be read first: nobody would ever close what is opened then. */
    @Test
    void areNotOpenedOnceTheyWereClosed() throws Exception {
        assertThatThrownBy(() -> apps.answer(close("early"))).hasMessageContaining("nothing of it is open");
        assertThatThrownBy(() -> apps.answer(open("early"))).hasMessageContaining("closed meanwhile");
        assertThat(apps.answer(open("another")).get().verb()).isEqualTo(Message.DONE);
    }

    /** Who takes over while the one before opens it is not to find that nothing is open. */
    @Test
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // It is what holds up the opening, and nothing else does.
    void areWaitedForWhileTheyAreOpened() throws Exception {
        CompletableFuture<Message> asked = new CompletableFuture<>();
        Thread opening = new Thread(() -> answer(open("app"), new CompletableFuture<>()));
        Thread asking = new Thread(() -> answer(Message.of("routes").with("app", "app"), asked));
        synchronized (Backends.class) { // Of which all routing takes its turn: the opening comes no further.
            opening.start();
            Await.until("the opening", () -> opening.getState() == Thread.State.BLOCKED);
            asking.start();
            Await.until("the question", () -> asking.getState() == Thread.State.BLOCKED || asked.isDone());
        }
        assertThat(asked.get(60, TimeUnit.SECONDS).verb()).isEqualTo(Message.DONE);
        opening.join();
    }

    private void answer(Message question, CompletableFuture<Message> answer) {
        try {
            answer.complete(apps.answer(question).get());
        } catch (WrongQuestion | InterruptedException | ExecutionException e) {
            answer.completeExceptionally(e);
        }
    }

    private static Message close(String app) {
        return Message.of("close").with("app", app).with("limit", 0);
    }

    private static Message open(String app) {
        return Message.of("open")
                .with("app", app)
                .with("name", app)
                .with("patience", 0)
                .with(Contents.ofAdmission(Admission.SERVING))
                .with(Contents.ofFellows(List.of()))
                .with(Contents.ofSites(List.of(Site.ALL)))
                .with(Contents.ofListeners(Map.of()))
                .with(Contents.ofSettings(TrafficSettings.of(Mode.HTTP)))
                .with(Contents.ofTls(Optional.empty()))
                .with(Contents.ofRecording(Optional.empty()))
                .with(Contents.ofSets(Map.of()));
    }
}
