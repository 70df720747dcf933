package dewy.core.verify;

import dewy.api.Call;
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
import java.nio.file.NoSuchFileException;
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

    private interface Reader {
        TrustedKey read(String text) throws TrustedKey.MalformedException;
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
        } catch (TrustedKey.MalformedException e) {
            throw unusable(text, String.valueOf(e.getMessage()), Optional.of(e));
        } catch (NoSuchFileException e) {
            throw unusable(text, "there is no file " + Path.of(key).toAbsolutePath(), Optional.of(e));
        } catch (IOException e) {
            throw unusable(text, "its file cannot be read: " + StorageException.reason(e), Optional.of(e));
        } catch (InvalidPathException e) {
            throw unusable(text, "it is neither a key nor a file", Optional.of(e));
        }
    }

    private static String content(String file) throws IOException, TrustedKey.MalformedException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new TrustedKey.MalformedException("its file is larger than any public key");
            }
            // What is no text is no key.
            return new String(content, StandardCharsets.ISO_8859_1);
        }
    }

    /** Several may be wrong, so that each is named where its option is. */
    private static InvalidException unusable(String text, String why, Optional<Exception> cause) {
        String shown = text.lines().findFirst().orElse("\"\"");
        Problem problem = Problem.of(
                "use the key", "", shown + ": " + why, "KEY is the public key itself or the file that it is in");
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
     * Fetches what lies beside an artifact as its signature; nothing is asked without keys.
     *
     * @throws NotFoundException if there is none
     * @throws InvalidException if it is an image, whose signatures lie elsewhere
     */
    public Signatures find(Call call, ArtifactSource source, Deliverable deliverable) throws DewyException {
        Artifact artifact = deliverable.artifact();
        if (!keys.isEmpty() && artifact.kind() == Artifact.Kind.IMAGE) {
            throw new InvalidException(new Problem(
                    "verify",
                    "the image " + artifact.name() + " of "
                            + deliverable.release().tag(),
                    "only archives can be verified",
                    "Leave --verify out for what is run as a container"));
        }
        List<String> endings =
                keys.stream().flatMap(key -> key.endings().stream()).distinct().toList();
        List<SignatureFile> found = new ArrayList<>();
        for (String ending : endings) {
            SignatureFile.fetch(call, source, deliverable, ending).ifPresent(found::add);
        }
        if (found.isEmpty() && !keys.isEmpty()) {
            throw new NotFoundException(Problem.of(
                    "find the signature",
                    artifact.name() + String.join(" or ", endings),
                    "it is not signed, and only what is signed by " + this + " is taken",
                    "Sign it, and publish the signature beside it"));
        }
        return new Signatures(this, List.copyOf(found), deliverable);
    }

    List<TrustedKey> keys() {
        return keys;
    }

    /** Returns on what condition an artifact is taken, as the end of a sentence; empty without keys. */
    public String condition() {
        return keys.isEmpty() ? "" : ", if it is signed by " + this;
    }

    /** Returns what people are told of the keys. */
    @Override
    public String toString() {
        return keys.stream().map(TrustedKey::name).distinct().collect(Collectors.joining(" or "));
    }
}
