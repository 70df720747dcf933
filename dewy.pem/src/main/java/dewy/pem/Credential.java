package dewy.pem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A certificate and the private key that belongs to it.
 *
 * @param chain the certificate first
 */
public record Credential(List<X509Certificate> chain, PrivateKey key) {
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final int DNS_NAME = 2;
    /** How long before its end one that nobody has renewed is told of. */
    private static final Duration REMINDER = Duration.ofDays(7);

    private static final String ORDER = "Give the certificate first, and its key with it";

    /**
     * Reads both files, which are in PEM.
     *
     * @param certificates the certificate, and those above it
     * @throws BadCertificate if they are not to be used; one that has expired is
     */
    public static Credential read(Path certificates, Path privateKey) throws BadCertificate {
        List<X509Certificate> chain = chain(certificates);
        PrivateKey key = key(privateKey, chain.get(0));
        if (!belongs(key, chain.get(0))) {
            throw new BadCertificate(privateKey, "it is not the key of the certificate in " + certificates, ORDER);
        }
        return new Credential(chain, key);
    }

    /** Returns what is another text as soon as one of the files is another one. Links lead to other files when they are turned. */
    public static List<String> stamp(Path certificates, Path privateKey) {
        return List.of(stamp(certificates), stamp(privateKey));
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.fileKey() + " " + found.size() + " " + found.lastModifiedTime();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<X509Certificate> chain(Path file) throws BadCertificate {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Pem.Block block : Pem.read(file)) {
                if (block.label().endsWith("CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new BadCertificate(file, "a certificate in it is damaged: " + e.getMessage(), "Get it anew");
        }
        if (chain.isEmpty()) {
            throw new BadCertificate(
                    file,
                    "there is no certificate in it",
                    "It takes PEM, which has a line \"-----BEGIN CERTIFICATE-----\"");
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(Path file, X509Certificate certificate) throws BadCertificate {
        Pem.Block block = Pem.read(file).stream()
                .filter(Pem.Block::isKey)
                .findFirst()
                .orElseThrow(() -> new BadCertificate(
                        file,
                        "there is no private key in it",
                        "It takes PEM, which has a line \"-----BEGIN PRIVATE KEY-----\""));
        if (block.isEncrypted()) {
            throw new BadCertificate(
                    file,
                    "the key is encrypted, and nobody is there to give the passphrase",
                    "Write it without, as by: openssl pkey -in " + file);
        }
        String algorithm = certificate.getPublicKey().getAlgorithm();
        try {
            byte[] bytes = block.bytes();
            boolean plain = block.label().equals("PRIVATE KEY");
            byte[] pkcs8 = plain
                    ? bytes
                    : Pem.wrapped(bytes, certificate.getPublicKey().getEncoded());
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BadCertificate(
                    file, "the key is damaged, or not of the kind that the certificate has, " + algorithm, ORDER);
        }
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        byte[] text = certificate.getSerialNumber().toByteArray();
        try {
            Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), ""));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns the names of hosts that it is for, in lower case, some with {@code *} for their first part. */
    public List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        try {
            Collection<List<?>> others = chain.get(0).getSubjectAlternativeNames();
            for (List<?> other : others == null ? List.<List<?>>of() : others) {
                if (other.get(0).equals(DNS_NAME)) {
                    hosts.add(((String) other.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateException e) {
            // It has none that can be read.
        }
        if (hosts.isEmpty()) {
            commonName().ifPresent(hosts::add);
        }
        return hosts;
    }

    private Optional<String> commonName() {
        try {
            return new LdapName(chain.get(0).getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(name -> name.toString().toLowerCase(Locale.ROOT))
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** Returns when it expires. */
    public Instant end() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** Returns what clients do not like about its time, or will not soon. */
    public Optional<String> warning(Instant now) {
        Instant begin = chain.get(0).getNotBefore().toInstant();
        Instant end = end();
        if (now.isAfter(end)) {
            return Optional.of("it has expired, at " + end);
        }
        if (now.plus(REMINDER).isAfter(end)) {
            return Optional.of("it ends at " + end);
        }
        return now.isBefore(begin) ? Optional.of("it is valid from " + begin + " on only") : Optional.empty();
    }
}
