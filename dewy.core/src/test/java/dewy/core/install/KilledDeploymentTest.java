package dewy.core.install;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.archive.ArchiveExtractor;
import dewy.archive.Archives;
import dewy.archive.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whenever the agent is killed, every folder with the name of a release is complete, and current leads to one. */
@Tag("long")
class KilledDeploymentTest {
    private static final int FILES = 200;
    private static final int KILLS = Boolean.getBoolean("dewy.long") ? 100 : 5;

    @Test
    void leavesOnlyCompleteReleasesAndGoesOnByItself(@TempDir Path temporary) throws Exception {
        Path archive = Files.write(temporary.resolve("archive"), Archives.tar(tar -> {
            for (int i = 0; i < FILES; i++) {
                Archives.file(tar, "dir" + i % 10 + "/file" + i, "content");
            }
        }));
        Path app = temporary.resolve("app");
        ReleaseDirectory directory = new ReleaseDirectory(app, new ArchiveExtractor(), InstantSource.system());
        long seed = Long.getLong("dewy.test.seed", 1);
        System.out.println("-Ddewy.test.seed=" + seed);
        Random random = new Random(seed);

        for (int kill = 0; kill < KILLS; kill++) {
            killWhileItDeploys(archive, app, random);

            assertThat(directory.current()).isPresent();
            for (Path release : directory.list()) {
                requireComplete(release);
            }
        }

        directory.recover();
        directory.prune(2, directory.list().subList(0, 1));
        try (Stream<Path> left = Files.list(app.resolve("releases"))) {
            assertThat(left).allMatch(folder -> !folder.getFileName().toString().startsWith("."));
        }
    }

    private static void killWhileItDeploys(Path archive, Path app, Random random) throws IOException {
        Process process = ChildJvm.plain().start(DeployMain.class, archive, app);
        try (BufferedReader output = process.inputReader()) {
            String deployed = output.readLine();
            assertThat(deployed).startsWith(app.toString());
            // Anywhere within the next deployments, each of which takes some ten milliseconds.
            LockSupport.parkNanos(random.nextInt(100_000_000));
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }

    private static void requireComplete(Path release) throws IOException {
        try (Stream<Path> files = Files.walk(release)) {
            assertThat(files.filter(Files::isRegularFile))
                    .as(release.toString())
                    .hasSize(FILES);
        }
    }
}
