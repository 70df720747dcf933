package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that a test may lack on some hosts. */
final class Programs {
    private Programs() {}

    /** Skips the test where a program is missing; where everything has to be tested, it fails. */
    static void require(String name) {
        boolean there = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as("%s is installed", name).isTrue();
        }
        assumeThat(there).as("%s is installed", name).isTrue();
    }
}
