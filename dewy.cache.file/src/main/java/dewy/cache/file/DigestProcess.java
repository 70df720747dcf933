package dewy.cache.file;

import dewy.api.Call;
import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program of the system that is given the path of a file and prints its digest as the first word. It ends with the call
 * at the latest. Whatever goes wrong with it only means that the digest has to be calculated in another way.
 */
record DigestProcess(Process process) implements AutoCloseable {
    private static final int LONGEST_OUTPUT = 1_024;

    /** Starts it; empty when there is no such program, or it cannot be run here. */
    static Optional<DigestProcess> start(List<String> command, Path file) {
        List<String> line = new ArrayList<>(command);
        // It opens the file itself: if this process did and closed it again, its lock on the file would be gone.
        line.add(file.toString());
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD);
        // Nothing there is of use to it, and some of it is secret.
        builder.environment().clear();
        try {
            return Optional.of(new DigestProcess(builder.start()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Waits for the digest; empty when the program ends without one. */
    Optional<Digest> await(Call call, String algorithm) throws DewyException {
        try (Registration unused = call.onCancel(process::destroyForcibly)) {
            Optional<Digest> digest = read(algorithm);
            boolean succeeded = process.waitFor() == 0;
            call.check();
            return succeeded ? digest : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(new Problem("calculate a digest", "", "it was interrupted", ""), e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private Optional<Digest> read(String algorithm) {
        try {
            byte[] output = process.getInputStream().readNBytes(LONGEST_OUTPUT);
            String[] words = new String(output, StandardCharsets.US_ASCII).split("\\s", 2);
            return Optional.of(Digest.parse(algorithm + ":" + words[0]));
        } catch (IOException | InvalidException e) {
            return Optional.empty();
        }
    }
}
