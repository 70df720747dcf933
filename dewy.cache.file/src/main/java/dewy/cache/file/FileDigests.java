package dewy.cache.file;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Calculates the digests of whole files. Large ones are left to a program of the system: Java that is compiled for a quick
 * start and little memory does not use what processors have for digests, and takes many times as long; having it compiled
 * better would cost every agent memory that only large artifacts repay, whereas nothing is left of a program that has ended.
 */
final class FileDigests {
    /** Something to do while a program is calculating. */
    interface Meanwhile {
        void run() throws IOException;
    }

    /** Up to here a process costs more than it saves. */
    private static final long LARGE = 4 << 20;

    private static final int CHUNK = 128 << 10;

    private final Function<String, List<List<String>>> programs;

    /** Creates one that has these programs, by algorithm; the first that is there and succeeds counts. */
    FileDigests(Function<String, List<List<String>>> programs) {
        this.programs = programs;
    }

    /**
     * Returns the programs that a system may have: {@code openssl}, which uses what the processor has, and those of
     * coreutils. They are named by absolute paths, so that {@code PATH} has no say in what counts as verified.
     */
    static List<List<String>> programsOfSystem(String algorithm) {
        return List.of(
                List.of("/usr/bin/openssl", "dgst", "-r", "-" + algorithm), List.of("/usr/bin/" + algorithm + "sum"));
    }

    /**
     * Returns the digest of a file.
     *
     * @param file its absolute path
     * @param content the same file, open for reading
     * @param meanwhile is done while a program calculates, if one does
     */
    Digest of(Call call, Path file, FileChannel content, String algorithm, Meanwhile meanwhile)
            throws DewyException, IOException {
        Optional<Digest> digest =
                content.size() > LARGE ? byProgram(call, file, algorithm, meanwhile) : Optional.empty();
        return digest.isPresent() ? digest.get() : here(call, content, algorithm);
    }

    private Optional<Digest> byProgram(Call call, Path file, String algorithm, Meanwhile meanwhile)
            throws DewyException, IOException {
        for (List<String> command : programs.apply(algorithm)) {
            Optional<DigestProcess> started = DigestProcess.start(command, file);
            if (started.isPresent()) {
                try (DigestProcess process = started.get()) {
                    meanwhile.run();
                    Optional<Digest> digest = process.await(call, algorithm);
                    if (digest.isPresent()) {
                        return digest;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Digest here(Call call, FileChannel content, String algorithm) throws DewyException, IOException {
        MessageDigest calculation = Digest.calculation(algorithm);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long done = 0;
        for (int got = content.read(chunk, done); got >= 0; got = content.read(chunk, done)) {
            call.check();
            calculation.update(chunk.flip());
            chunk.clear();
            done += got;
            call.progress("verify", done, content.size());
        }
        return Digest.of(calculation);
    }
}
