package dewy.core.verify;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import dewy.api.artifact.ArtifactSource;
import dewy.api.artifact.ArtifactStream;
import dewy.api.artifact.Locating;
import dewy.api.release.Artifact;
import dewy.api.release.Deliverable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The public keys of which one must have signed an artifact; without any, nothing is required. Several are for the time in
 * which a key is replaced. Safe for use by several threads.
 */
public final class TrustedKeys {
    /** Nothing is verified. */
    public static final TrustedKeys NONE = new TrustedKeys(List.of());

    private static final int LARGEST = 16 << 10;

    /** What lies beside an artifact as its signature. */
    public record SignatureFile(String name, String suffix, String content) {}

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
        Path path = Path.of(file);
        if (Files.isRegularFile(path) && Files.size(path) > LARGEST) {
            throw new MalformedKeyException("its file is larger than any public key");
        }
        // What is no text is no key.
        return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
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
        String artifact = deliverable.artifact().name();
        if (!keys.isEmpty() && deliverable.artifact().kind() == Artifact.Kind.IMAGE) {
            throw new InvalidException(new Problem(
                    "verify",
                    "the image " + artifact + " of " + deliverable.release().tag(),
                    "only archives can be verified",
                    "Leave --verify out for what is run as a container"));
        }
        List<SignatureFile> found = new ArrayList<>();
        List<String> suffixes = keys.stream().map(TrustedKey::suffix).distinct().toList();
        for (String suffix : suffixes) {
            Optional<Artifact> beside = beside(source, deliverable, artifact + suffix);
            if (beside.isPresent()) {
                read(call, source, new Deliverable(deliverable.release(), beside.get()))
                        .ifPresent(content -> found.add(new SignatureFile(artifact + suffix, suffix, content)));
            }
        }
        if (found.isEmpty() && !keys.isEmpty()) {
            throw new NotFoundException(Problem.of(
                    "find the signature",
                    artifact + String.join(" or " + artifact, suffixes),
                    "it is not signed, and only what is signed by " + names() + " is taken",
                    "Sign it, and publish the signature beside it"));
        }
        return found;
    }

    /** A registry tells all that a release has; a source that locates by itself is asked. */
    private static Optional<Artifact> beside(ArtifactSource source, Deliverable deliverable, String name) {
        return source instanceof Locating
                ? Optional.of(Artifact.archive(name, ""))
                : deliverable.release().artifacts().stream()
                        .filter(other -> other.name().equals(name))
                        .findFirst();
    }

    private static Optional<String> read(Call call, ArtifactSource source, Deliverable signature) throws DewyException {
        try (ArtifactStream stream = source.open(call, signature, 0, Optional.empty())) {
            byte[] content = stream.bytes().readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new CorruptException(Problem.of(
                        "use the signature",
                        signature.artifact().name(),
                        "it is larger than " + LARGEST + " bytes, and so none",
                        "Publish the signature anew"));
            }
            return Optional.of(new String(content, StandardCharsets.UTF_8));
        } catch (NotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            call.check();
            throw new UnreachableException(
                    Problem.of(
                            "fetch the signature",
                            signature.artifact().name(),
                            String.valueOf(e.getMessage()),
                            "It is tried again later"),
                    e);
        }
    }

    /**
     * Requires that one of the keys has signed an artifact.
     *
     * @return the key; empty without keys
     * @throws CorruptException if none has
     */
    public Optional<String> require(Call call, List<SignatureFile> signatures, Deliverable deliverable, Path file)
            throws DewyException {
        SignedFile artifact = new SignedFile(deliverable.artifact().name(), file);
        List<String> faults = new ArrayList<>();
        for (SignatureFile signature : signatures) {
            for (TrustedKey key : keys) {
                if (key.suffix().equals(signature.suffix())) {
                    try {
                        key.require(call, signature.content(), artifact);
                        return Optional.of(key.name());
                    } catch (NotSignedException e) {
                        faults.add(signature.name() + ": " + e.why());
                    } catch (IOException e) {
                        throw new StorageException(
                                Problem.of("verify", file, String.valueOf(e.getMessage()), "Check the disk"), e);
                    }
                }
            }
        }
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        throw new CorruptException(Problem.of(
                "verify",
                artifact.name() + " of " + deliverable.release().tag(),
                "it is not signed by " + names() + "; "
                        + faults.stream().distinct().collect(Collectors.joining("; ")),
                "Find out who made it. If it is good, sign it anew, and deploy it by its version"));
    }

    private String names() {
        return keys.stream().map(TrustedKey::name).distinct().collect(Collectors.joining(" or "));
    }
}
