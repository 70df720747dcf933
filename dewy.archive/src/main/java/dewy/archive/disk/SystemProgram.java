package dewy.archive.disk;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that comes with the system, for what Java cannot do. It is named by absolute paths, so that {@code PATH} has no
 * say, speaks English, and sees nothing of the agent's environment, some of which is secret.
 *
 * @param places where it may be, of which the first that is there is taken
 * @param patience how long it may take
 */
public record SystemProgram(List<String> places, Duration patience) {
    private static final int LONGEST_OUTPUT = 4 << 10;
    private static final int STEP_MILLIS = 100;

    public SystemProgram {
        places = List.copyOf(places);
    }

    /** Returns a program of coreutils, or what stands in for it. */
    public static SystemProgram named(String name, Duration patience) {
        return new SystemProgram(List.of("/usr/bin/" + name, "/bin/" + name), patience);
    }

    /**
     * Runs it to its end and returns the beginning of what it wrote.
     *
     * @throws IOException if it is not there, says that it failed, or takes too long
     * @throws DewyException if the call is over before
     */
    public String run(Call call, String... arguments) throws IOException, DewyException {
        Process process = start(arguments);
        try {
            long left = patience.toMillis();
            while (!process.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                call.check();
                left -= STEP_MILLIS;
                if (left <= 0) {
                    throw new IOException(places.get(0) + " does not end");
                }
            }
            byte[] output = process.getInputStream().readNBytes(LONGEST_OUTPUT);
            String said = new String(output, StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IOException(said.isEmpty() ? places.get(0) + " fails without a word" : said);
            }
            return said;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancelledException(Problem.of("run", places.get(0), "the work was interrupted", ""), stopped);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start(String... arguments) throws IOException {
        IOException missing = new IOException("there is none of " + String.join(", ", places));
        for (String place : places) {
            List<String> line = new ArrayList<>(List.of(place));
            line.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().clear();
            try {
                return builder.start();
            } catch (IOException absent) {
                missing.addSuppressed(absent);
            }
        }
        throw missing;
    }
}
