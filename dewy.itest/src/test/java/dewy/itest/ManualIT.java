package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The manual page and the completion that come with the jar. */
@Timeout(120)
class ManualIT {
    private static final Path PAGE = AgentProcess.jar().resolveSibling("man/dewy.1");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"man --warnings -E UTF-8 -l", "groff -man -ww -K utf8 -T utf8 -z", "mandoc -T lint"})
    void givesNothingToComplainAbout(String line) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(line.split(" ", -1)));
        Tools.require(command.get(0));
        command.add(PAGE.toString());
        boolean shows = "man".equals(command.get(0));
        Path complaints = folder.resolve("complaints");
        Process process = new ProcessBuilder(command)
                .redirectOutput(shows ? new File("/dev/null") : complaints.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(complaints.toFile()))
                .start();
        int code = process.waitFor();
        assertThat(complaints).isEmptyFile();
        assertThat(code).isZero();
    }

    @Test
    void isPrintedByTheJar() throws Exception {
        try (AgentProcess man = AgentProcess.start(folder, "man")) {
            assertThat(man.exitCode()).isZero();
            assertThat(man.output() + "\n").isEqualTo(Files.readString(PAGE));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dewy se, server",
        "dewy server --reg, --registry",
        "dewy server --hook-failure EMPTY, continue abort",
        "dewy host --log-format j, json",
        "dewy assets --stop, ''",
    })
    void completes(String line, String expected) throws Exception {
        Tools.require("bash");
        Path script = folder.resolve("dewy.bash");
        try (AgentProcess completion = AgentProcess.start(folder, "completion")) {
            assertThat(completion.exitCode()).isZero();
            Files.writeString(script, completion.output() + "\n");
        }
        String ask =
                """
                set -eu
                compopt() { :; }
                . "$0"
                COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
                set +eu
                _complete_dewy
                echo ${COMPREPLY[@]}
                """;
        List<String> command = new java.util.ArrayList<>(List.of("bash", "-c", ask, script.toString()));
        for (String word : line.split(" ", -1)) {
            command.add("EMPTY".equals(word) ? "" : word);
        }
        Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(answer).isZero();
        assertThat(answer.strip()).isEqualTo(expected);
    }
}
