package dewy.registry.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * What S3 knows of the content of an object, and what has arrived of it, to be compared at its end. For one thread.
 */
final class Checksum {
    private static final Pattern MD5 = Pattern.compile("\"?([0-9a-f]{32})\"?");

    /** Calculates one. */
    private interface Calculation {
        void update(byte[] bytes, int offset, int length);

        byte[] value();
    }

    private final String name;
    private final byte[] expected;
    private final Calculation calculation;
    private long position;

    private Checksum(String name, byte[] expected, Calculation calculation) {
        this.name = name;
        this.expected = expected;
        this.calculation = calculation;
    }

    /**
     * Returns the checksum of a whole object, the strongest that came with it; what S3 calculated of parts, and an ETag of
     * what was uploaded in parts or encrypted with a key, tells nothing of the whole.
     */
    static Optional<Checksum> of(GetObjectResponse head) {
        boolean whole = head.checksumType() != ChecksumType.COMPOSITE;
        return of("SHA-256", whole, head.checksumSHA256(), 32, digest("SHA-256"))
                .or(() -> of("CRC64NVME", whole, head.checksumCRC64NVME(), 8, new Crc64Nvme()))
                .or(() -> of("CRC32C", whole, head.checksumCRC32C(), 4, crc(new CRC32C())))
                .or(() -> of("CRC32", whole, head.checksumCRC32(), 4, crc(new CRC32())))
                .or(() -> etag(head));
    }

    /** Returns how many bytes were taken into account. */
    long position() {
        return position;
    }

    void update(byte[] bytes, int offset, int length) {
        calculation.update(bytes, offset, length);
        position += length;
    }

    /** Returns whether what arrived is what S3 has. */
    boolean fits() {
        return MessageDigest.isEqual(expected, calculation.value());
    }

    @Override
    public String toString() {
        return name;
    }

    private static Optional<Checksum> of(
            String name, boolean whole, @Nullable String base64, int length, Calculation calculation) {
        if (!whole || base64 == null) {
            return Optional.empty();
        }
        try {
            byte[] expected = Base64.getDecoder().decode(base64);
            return expected.length == length
                    ? Optional.of(new Checksum(name, expected, calculation))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Of parts: it ends in their number.
        }
    }

    private static Optional<Checksum> etag(GetObjectResponse head) {
        var tag = MD5.matcher(String.valueOf(head.eTag()));
        boolean encrypted =
                head.serverSideEncryption() != null && head.serverSideEncryption() != ServerSideEncryption.AES256;
        boolean ofCustomer = head.sseCustomerAlgorithm() != null;
        return tag.matches() && !encrypted && !ofCustomer
                ? Optional.of(new Checksum("ETag", HexFormat.of().parseHex(tag.group(1)), digest("MD5")))
                : Optional.empty();
    }

    private static Calculation digest(String algorithm) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return new Calculation() {
                @Override
                public void update(byte[] bytes, int offset, int length) {
                    digest.update(bytes, offset, length);
                }

                @Override
                public byte[] value() {
                    return digest.digest();
                }
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks " + algorithm, e);
        }
    }

    private static Calculation crc(java.util.zip.Checksum crc) {
        return new Calculation() {
            @Override
            public void update(byte[] bytes, int offset, int length) {
                crc.update(bytes, offset, length);
            }

            @Override
            public byte[] value() {
                return bytes(crc.getValue(), 4);
            }
        };
    }

    private static byte[] bytes(long value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >> (8 * (length - 1 - i)));
        }
        return bytes;
    }

    /** CRC-64/NVME, which S3 calculates where an uploader asks for nothing else. */
    private static final class Crc64Nvme implements Calculation {
        private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;
        private static final long[][] TABLES = tables();

        private long state = ~0L;

        private static long[][] tables() {
            long[][] tables = new long[8][256];
            for (int i = 0; i < 256; i++) {
                long crc = i;
                for (int bit = 0; bit < 8; bit++) {
                    crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
                }
                tables[0][i] = crc;
            }
            for (int k = 1; k < 8; k++) {
                for (int i = 0; i < 256; i++) {
                    tables[k][i] = (tables[k - 1][i] >>> 8) ^ tables[0][(int) (tables[k - 1][i] & 0xff)];
                }
            }
            return tables;
        }

        /** Eight bytes at a time. */
        @Override
        public void update(byte[] bytes, int offset, int length) {
            int at = offset;
            int end = offset + length;
            long crc = state;
            for (; end - at >= 8; at += 8) {
                for (int i = 0; i < 8; i++) {
                    crc ^= (bytes[at + i] & 0xffL) << (8 * i);
                }
                long next = 0;
                for (int i = 0; i < 8; i++) {
                    next ^= TABLES[7 - i][(int) ((crc >>> (8 * i)) & 0xff)];
                }
                crc = next;
            }
            for (; at < end; at++) {
                crc = (crc >>> 8) ^ TABLES[0][(int) ((crc ^ bytes[at]) & 0xff)];
            }
            state = crc;
        }

        @Override
        public byte[] value() {
            return bytes(~state, 8);
        }
    }
}
