package dewy.core.verify;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dewy.api.CancellableCall;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import dewy.api.release.Release;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A publisher with a folder, who signs with the programs that people sign with. */
record Signing(Path folder) {
    static final String NAME = "app.tar.gz";

    /** Runs a program in the folder and returns what it printed; skips the test where it is not there. */
    String run(String... command) throws IOException, InterruptedException {
        boolean isThere = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, command[0])));
        if (!"true".equals(System.getenv("CI"))) {
            assumeTrue(isThere, "there is no " + command[0] + " in PATH");
        }
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    Path artifact(String content) throws IOException {
        return Files.writeString(folder.resolve(NAME), content);
    }

    /** Returns by which key the artifact is signed with what lies beside it. */
    Optional<String> signer(TrustedKeys keys, String suffix) throws Exception {
        return signer(keys, suffix, Files.readString(folder.resolve(NAME + suffix)));
    }

    Optional<String> signer(TrustedKeys keys, String suffix, String signature) throws Exception {
        Artifact artifact = Artifact.archive(NAME, "");
        Deliverable deliverable = new Deliverable(new Release("v1", Optional.empty(), List.of(artifact)), artifact);
        try (CancellableCall call = CancellableCall.of("test", Duration.ofMinutes(1))) {
            SignatureFile file = new SignatureFile(NAME + suffix, suffix, Optional.of(signature));
            return new Signatures(keys, List.of(file), deliverable).require(call, folder.resolve(NAME));
        }
    }
}
