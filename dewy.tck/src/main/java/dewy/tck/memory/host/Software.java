package dewy.tck.memory.host;

import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an image holds: a server that answers each request with its version, and below {@code /slow/100} so many milliseconds
 * later.
 *
 * @param version what it answers with; without spaces
 * @param manner how it behaves when it is started
 * @param ports at which it listens: those that the image exposes
 */
public record Software(String version, Manner manner, List<Integer> ports) {
    /** How software behaves when it is started. */
    public enum Manner {
        /** It serves. */
        SERVING,
        /** It answers that it is not available, for ever. */
        NEVER_READY,
        /** It ends at once, with a failure. */
        EXITING
    }

    public Software {
        ports = List.copyOf(ports);
    }

    /** Returns software that serves at the port 8080. */
    public static Software of(String version) {
        return new Software(version, Manner.SERVING, List.of(8080));
    }

    public Software with(Manner other) {
        return new Software(version, other, ports);
    }

    public Software with(Integer... exposed) {
        return new Software(version, manner, List.of(exposed));
    }

    /** Returns the digest of the image that holds it. */
    public Digest digest() {
        MessageDigest digest = Digest.calculation("sha256");
        digest.update(content().getBytes(StandardCharsets.UTF_8));
        return Digest.of(digest);
    }

    /** Returns the image as it is sent. */
    String content() {
        String exposed = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
        return version + " " + manner + " " + exposed;
    }

    static Software parse(String content) {
        String[] parts = content.split(" ", 3);
        List<Integer> ports =
                Arrays.stream(parts[2].split(",")).map(Integer::valueOf).toList();
        return new Software(parts[0], Manner.valueOf(parts[1]), ports);
    }
}
