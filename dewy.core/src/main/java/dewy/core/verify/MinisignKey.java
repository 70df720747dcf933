package dewy.core.verify;

import dewy.api.Call;
import dewy.api.DewyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A key of <a href="https://jedisct1.github.io/minisign/">minisign</a>. Its signatures are of the artifact itself, or of its
 * BLAKE2b hash, which is what minisign makes today; a second one is of the first and of the trusted comment.
 */
record MinisignKey(long id, PublicKey key) implements TrustedKey {
    static final String SCHEME = "minisign";
    private static final String TRUSTED = "trusted comment: ";
    private static final String FILE = "file:";
    private static final String PLAIN = "Ed";
    private static final String HASHED = "ED";
    private static final int HEAD = 2 + Long.BYTES;
    private static final int LINES = 4;

    /** Reads a key as minisign prints it, or the file that it writes: a comment, and the key. */
    static MinisignKey read(String text) throws MalformedException {
        String last = text.strip().lines().reduce("", (before, line) -> line);
        byte[] bytes = decode(last)
                .filter(decoded -> decoded.length == HEAD + Ed25519.KEY)
                .filter(decoded -> PLAIN.equals(algorithm(decoded)))
                .orElseThrow(() -> new MalformedException(
                        "it is no public key of minisign, which is 56 letters and digits that begin with RW"));
        try {
            return new MinisignKey(id(bytes), Ed25519.key(tail(bytes)));
        } catch (GeneralSecurityException e) {
            throw new MalformedException("it is no Ed25519 key: " + e.getMessage(), e);
        }
    }

    /** Returns whether a text is a key and not the name of a file. */
    static boolean isInline(String text) {
        return text.matches("RW[A-Za-z0-9+/=]{40,}");
    }

    @Override
    public List<String> endings() {
        return List.of(".minisig");
    }

    @Override
    public String name() {
        return name(id);
    }

    private static String name(long id) {
        return SCHEME + ":%X".formatted(id);
    }

    @Override
    public void require(Call call, String signature, SignedFile artifact)
            throws NotSignedException, DewyException, IOException {
        List<String> lines = signature.lines().toList();
        byte[] first = part(lines, 1, HEAD + Ed25519.SIGNATURE);
        byte[] second = part(lines, LINES - 1, Ed25519.SIGNATURE);
        if (!lines.get(2).startsWith(TRUSTED)) {
            throw new NotSignedException("its third line is no trusted comment");
        }
        if (id(first) != id) {
            throw new NotSignedException("it is by the key " + name(id(first)));
        }
        try {
            requireContent(call, first, artifact);
            requireComment(tail(first), lines.get(2).substring(TRUSTED.length()), second, artifact.name());
        } catch (SignatureException e) {
            throw new NotSignedException("it is malformed: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has Ed25519", e);
        }
    }

    private void requireContent(Call call, byte[] first, SignedFile artifact)
            throws NotSignedException, DewyException, IOException, GeneralSecurityException {
        Signature verification = Ed25519.verification(key);
        switch (algorithm(first)) {
            case HASHED -> {
                Blake2b hash = new Blake2b();
                artifact.feed(call, hash::update);
                verification.update(hash.digest());
            }
            case PLAIN -> {
                if (!artifact.fitsInMemory()) {
                    throw new NotSignedException("it is of the legacy kind, by which artifacts of more than "
                            + (SignedFile.LARGEST_IN_MEMORY >> 20) + " MiB are not verified; minisign 0.10 and newer"
                            + " sign without -l what can be");
                }
                artifact.feed(call, verification::update);
            }
            default -> throw new NotSignedException("its algorithm is none of minisign's");
        }
        if (!verification.verify(tail(first))) {
            throw new NotSignedException("it says the key " + name() + ", but is not of these bytes by that key");
        }
    }

    /** What was signed under another name is another artifact, put in the place of this one. */
    private void requireComment(byte[] signature, String comment, byte[] global, String artifact)
            throws NotSignedException, GeneralSecurityException {
        Signature verification = Ed25519.verification(key);
        verification.update(signature);
        verification.update(comment.getBytes(StandardCharsets.UTF_8));
        if (!verification.verify(global)) {
            throw new NotSignedException("its trusted comment was changed after it was signed");
        }
        for (String field : comment.split("\t", -1)) {
            String file = field.startsWith(FILE) ? field.substring(FILE.length()) : artifact;
            if (!file.equals(artifact) && !file.endsWith("/" + artifact)) {
                throw new NotSignedException("it is of a file that was called " + file + " when it was signed");
            }
        }
    }

    private static byte[] part(List<String> lines, int line, int length) throws NotSignedException {
        Optional<byte[]> decoded = lines.size() == LINES ? decode(lines.get(line)) : Optional.empty();
        return decoded.filter(bytes -> bytes.length == length)
                .orElseThrow(() -> new NotSignedException("it is not the four lines that minisign writes"));
    }

    private static Optional<byte[]> decode(String line) {
        try {
            return Optional.of(Base64.getDecoder().decode(line.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String algorithm(byte[] bytes) {
        return new String(bytes, 0, 2, StandardCharsets.ISO_8859_1);
    }

    private static long id(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    }

    private static byte[] tail(byte[] bytes) {
        return Arrays.copyOfRange(bytes, HEAD, bytes.length);
    }
}
