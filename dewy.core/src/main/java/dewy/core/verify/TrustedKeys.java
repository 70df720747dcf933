package dewy.core.verify;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The public keys of which one must have signed an artifact; without any, nothing is required. Several are for the time in
 * which a key is replaced. Safe for use by several threads.
 */
public final class TrustedKeys {
    /** Nothing is verified. */
    public static final TrustedKeys NONE = new TrustedKeys(List.of());

    private static final int LARGEST = 16 << 10;

    private interface Reader {
        TrustedKey read(String text) throws MalformedKeyException;
    }

    private final List<TrustedKey> keys;

    private TrustedKeys(List<TrustedKey> keys) {
        this.keys = keys;
    }

    /** Reads a key: its scheme, and itself or the file that it is in. */
    public static TrustedKeys of(String text) throws InvalidException {
        String scheme = text.substring(0, Math.max(0, text.indexOf(':')));
        String key = text.substring(text.indexOf(':') + 1);
        return switch (scheme) {
            case MinisignKey.SCHEME -> read(text, key, MinisignKey.isInline(key), MinisignKey::read);
            case CosignKey.SCHEME -> read(text, key, CosignKey.isInline(key), CosignKey::read);
            default -> throw unusable(text, "it is neither minisign:KEY nor cosign:KEY", Optional.empty());
        };
    }

    private static TrustedKeys read(String text, String key, boolean isInline, Reader reader) throws InvalidException {
        try {
            return new TrustedKeys(List.of(reader.read(isInline ? key : content(key))));
        } catch (MalformedKeyException e) {
            throw unusable(text, String.valueOf(e.getMessage()), Optional.of(e));
        } catch (IOException | InvalidPathException e) {
            throw unusable(text, "there is no such file that can be read (" + e.getMessage() + ")", Optional.of(e));
        }
    }

    private static String content(String file) throws IOException, MalformedKeyException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new MalformedKeyException("its file is larger than any public key");
            }
            // What is no text is no key.
            return new String(content, StandardCharsets.ISO_8859_1);
        }
    }

    private static InvalidException unusable(String text, String why, Optional<Exception> cause) {
        Problem problem = Problem.of(
                "use the key",
                text.lines().findFirst().orElse("\"\""),
                why,
                "KEY is the public key itself, or the file that it is in");
        return cause.map(e -> new InvalidException(problem, e)).orElseGet(() -> new InvalidException(problem));
    }

    /** Returns these keys, and others besides. */
    public TrustedKeys and(TrustedKeys others) {
        List<TrustedKey> all = new ArrayList<>(keys);
        all.addAll(others.keys);
        return new TrustedKeys(List.copyOf(all));
    }

    /** Returns whether what was signed by a key, or by none, is still good enough. */
    public boolean accept(Optional<String> signer) {
        return keys.isEmpty() || keys.stream().map(TrustedKey::name).anyMatch(name -> signer.equals(Optional.of(name)));
    }

    /**
     * Fetches what lies beside an artifact as its signature.
     *
     * @return nothing without keys
     * @throws NotFoundException if there is none
     * @throws InvalidException if it is an image, whose signatures lie elsewhere
     */
    public List<SignatureFile> find(Call call, ArtifactSource source, Deliverable deliverable) throws DewyException {
        if (keys.isEmpty()) {
            return List.of();
        }
        String artifact = deliverable.artifact().name();
        if (deliverable.artifact().kind() == Artifact.Kind.IMAGE) {
            throw new InvalidException(new Problem(
                    "verify",
                    "the image " + artifact + " of " + deliverable.release().tag(),
                    "only archives can be verified",
                    "Leave --verify out for what is run as a container"));
        }
        List<String> endings =
                keys.stream().flatMap(key -> key.endings().stream()).distinct().toList();
        List<SignatureFile> found = new ArrayList<>();
        for (String ending : endings) {
            SignatureFile.fetch(call, source, deliverable, ending).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            throw new NotFoundException(Problem.of(
                    "find the signature",
                    artifact + String.join(" or ", endings),
                    "it is not signed, and only what is signed by " + names() + " is taken",
                    "Sign it, and publish the signature beside it"));
        }
        return found;
    }

    /**
     * Requires that one of the keys has signed an artifact.
     *
     * @return the key; empty without keys
     * @throws CorruptException if none has
     */
    public Optional<String> require(Call call, List<SignatureFile> signatures, Deliverable deliverable, Path file)
            throws DewyException {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        SignedFile artifact = new SignedFile(deliverable.artifact().name(), file);
        Set<String> faults = new LinkedHashSet<>();
        for (SignatureFile signature : signatures) {
            for (TrustedKey key : keys) {
                if (key.endings().contains(signature.ending())) {
                    Optional<String> fault = fault(call, key, signature, artifact);
                    if (fault.isEmpty()) {
                        return Optional.of(key.name());
                    }
                    faults.add(signature.name() + ": " + fault.get());
                }
            }
        }
        throw new CorruptException(Problem.of(
                "verify",
                artifact.name() + " of " + deliverable.release().tag(),
                "it is not signed by " + names() + "; " + String.join("; ", faults),
                "Find out who made it. If it is good, sign it anew, or trust its key with --verify; then retry"));
    }

    /** Returns why a signature is none of an artifact by a key; empty if it is one. */
    private static Optional<String> fault(Call call, TrustedKey key, SignatureFile signature, SignedFile artifact)
            throws DewyException {
        if (signature.content().isEmpty()) {
            return Optional.of("it is larger than " + SignatureFile.LARGEST + " bytes, and so none");
        }
        try {
            key.require(call, signature.content().get(), artifact);
            return Optional.empty();
        } catch (NotSignedException e) {
            return Optional.of(e.why());
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("verify", artifact.path(), String.valueOf(e.getMessage()), "Check the disk"), e);
        }
    }

    /** Returns on what condition an artifact is taken, as the end of a sentence; empty without keys. */
    public String condition() {
        return keys.isEmpty() ? "" : ", if it is signed by " + names();
    }

    private String names() {
        return keys.stream().map(TrustedKey::name).distinct().collect(Collectors.joining(" or "));
    }
}
