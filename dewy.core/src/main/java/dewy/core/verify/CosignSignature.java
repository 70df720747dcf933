package dewy.core.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code cosign sign-blob} writes: the signature in Base64, or a bundle, which is
 * <a href="https://docs.sigstore.dev/about/bundle/">Sigstore's</a>, or cosign's own of before. What a bundle says besides, of
 * certificates and transparency logs, is for those who trust no key.
 *
 * @param base64 the signature
 * @param hasCertificate whether it says that it is by the key of a certificate
 */
record CosignSignature(String base64, boolean hasCertificate) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int DEEPEST = 4;

    static CosignSignature read(String text) throws TrustedKey.NotSignedException {
        return text.stripLeading().startsWith("{") ? ofBundle(fields(text)) : new CosignSignature(text, false);
    }

    private static CosignSignature ofBundle(Map<String, String> fields) throws TrustedKey.NotSignedException {
        boolean isAttestation = fields.keySet().stream().anyMatch(name -> name.startsWith("/dsseEnvelope/"));
        if (isAttestation) {
            throw new TrustedKey.NotSignedException(
                    "it is an attestation, and no signature, which cosign sign-blob makes");
        }
        Optional<String> signature = Optional.ofNullable(fields.get("/messageSignature/signature"))
                .or(() -> Optional.ofNullable(fields.get("/base64Signature")));
        boolean hasCertificate = fields.keySet().stream()
                .anyMatch(name -> name.startsWith("/verificationMaterial/certificate/")
                        || name.startsWith("/verificationMaterial/x509CertificateChain/"));
        return new CosignSignature(
                signature.orElseThrow(() ->
                        new TrustedKey.NotSignedException("it is no bundle of cosign: there is no signature in it")),
                hasCertificate);
    }

    byte[] bytes() throws TrustedKey.NotSignedException {
        try {
            return Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new TrustedKey.NotSignedException(
                    "it is neither Base64 nor a bundle, as cosign sign-blob writes them", e);
        }
    }

    /** Returns the texts of a document by the way to them, such as {@code /messageSignature/signature}. */
    private static Map<String, String> fields(String text) throws TrustedKey.NotSignedException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                boolean isNear = json.getParsingContext().getNestingDepth() <= DEEPEST;
                if (token == JsonToken.VALUE_STRING && isNear) {
                    fields.put(json.getParsingContext().pathAsPointer().toString(), json.getText());
                }
            }
            return fields;
        } catch (IOException e) {
            throw new TrustedKey.NotSignedException("it is no bundle of cosign, but malformed JSON", e);
        }
    }
}
