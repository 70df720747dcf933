package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppLockTest {
    @TempDir
    Path folder;

    /** Another process alone can tell whether the lock is still there. */
    @Test
    void isStillHeldAfterAnotherAppOfTheAgentWasRefused() throws Exception {
        try (AppLock first = AppLock.take(folder)) {
            Path link = Files.createSymbolicLink(folder.resolveSibling(folder.getFileName() + "-link"), folder);
            for (Path same : new Path[] {folder, link}) {
                assertThatThrownBy(() -> AppLock.take(same))
                        .isInstanceOf(InvalidException.class)
                        .hasMessageContaining("another app of this agent uses it");
                assertThatThrownBy(() -> AppLock.requireFree(same)).isInstanceOf(InvalidException.class);
            }
            Files.delete(link);
            assertThat(isTakenFor("another process")).isTrue();
        }
        AppLock.requireFree(folder);
        assertThat(isTakenFor("another process")).isFalse();
        AppLock.take(folder).close();
    }

    private boolean isTakenFor(String whom) throws Exception {
        String lock = folder.resolve("app.lock").toString();
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asker.class.getName(),
                        lock)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("asked").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(whom).isTrue();
        String answer = Files.readString(folder.resolve("asked"));
        assertThat(answer).as(whom).matches("(taken|free)\\s*");
        return answer.startsWith("taken");
    }

    /** Asks as another process. */
    static final class Asker {
        private Asker() {}

        public static void main(String... arguments) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.out.println(channel.tryLock() == null ? "taken" : "free");
            } catch (OverlappingFileLockException e) {
                System.out.println("taken");
            }
        }
    }
}
