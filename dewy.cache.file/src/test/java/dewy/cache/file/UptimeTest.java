package dewy.cache.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UptimeTest {
    @Test
    void isTheSameInAllProcesses() throws Exception {
        Uptime before = Uptime.now();
        String[] told = inAnotherProcess().strip().split(" ", -1);
        Uptime after = Uptime.now();

        assertThat(told[0]).isEqualTo(before.boot()).isEqualTo(after.boot()).isNotEmpty();
        assertThat(Long.parseLong(told[1])).isBetween(before.nanos(), after.nanos());
    }

    private static String inAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Telling.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return told;
    }

    /** Tells it as another process has it. */
    static final class Telling {
        private Telling() {}

        public static void main(String[] args) throws Exception {
            Uptime now = Uptime.now();
            System.out.println(now.boot() + " " + now.nanos());
        }
    }
}
