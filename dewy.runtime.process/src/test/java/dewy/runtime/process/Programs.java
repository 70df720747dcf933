package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs that a test may lack on some hosts. */
final class Programs {
    private Programs() {}

    /** Skips the test where a program is missing; where everything has to be tested, it fails. */
    static void require(String name) {
        require(
                name,
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))));
    }

    /** As {@link #require}, for modules of Perl. */
    static void requirePerl(String... modules) throws Exception {
        require("perl");
        List<String> command = new ArrayList<>(List.of("perl", "-e1"));
        Stream.of(modules).forEach(module -> command.add("-M" + module));
        require(String.join(", ", modules), new ProcessBuilder(command).start().waitFor() == 0);
    }

    private static void require(String name, boolean there) {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as("%s is installed", name).isTrue();
        }
        assumeThat(there).as("%s is installed", name).isTrue();
    }
}
