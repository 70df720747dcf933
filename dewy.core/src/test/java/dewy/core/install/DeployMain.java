package dewy.core.install;

import dewy.api.CancellableCall;
import dewy.archive.ArchiveExtractor;
import dewy.archive.ExtractionLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Installs, activates and prunes releases until it is killed. */
final class DeployMain {
    private DeployMain() {}

    public static void main(String... arguments) throws Exception {
        Path archive = Path.of(arguments[0]);
        ReleaseDirectory directory =
                new ReleaseDirectory(Path.of(arguments[1]), new ArchiveExtractor(), InstantSource.system());
        directory.recover();
        while (true) {
            Path release = directory.install(
                    CancellableCall.of("test", Duration.ofMinutes(2)), archive, "app.tar", ExtractionLimits.DEFAULT);
            directory.activate(release);
            directory.prune(2, List.of());
            System.out.println(release);
        }
    }
}
