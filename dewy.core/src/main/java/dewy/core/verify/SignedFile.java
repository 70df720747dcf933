package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/**
 * An artifact that is said to be signed.
 *
 * @param name what it is called in its release
 * @param path where it lies on this host
 */
record SignedFile(String name, Path path) {
    /** Java has what is signed with plain Ed25519 in memory as a whole. */
    static final int LARGEST_IN_MEMORY = 16 << 20;

    /** Takes its bytes, one piece after the other. */
    interface Sink {
        void update(byte[] bytes, int offset, int length) throws GeneralSecurityException;
    }

    void feed(Call call, Sink sink) throws DewyException, IOException, GeneralSecurityException {
        byte[] buffer = new byte[64 << 10];
        try (InputStream in = Files.newInputStream(path)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                call.check();
                sink.update(buffer, 0, n);
            }
        }
    }

    boolean fitsInMemory() throws IOException {
        return Files.size(path) <= LARGEST_IN_MEMORY;
    }
}
