package dewy.bucket;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * What a service knows of the content of an object, and what has arrived of it, to be compared at its end. For one thread.
 */
public final class Checksum {
    /** Calculates one. */
    public interface Calculation {
        void update(byte[] bytes, int offset, int length);

        byte[] value();

        /** Returns that of a message digest of Java. */
        static Calculation digest(String algorithm) {
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

        /** Returns that of a checksum of 32 bits. */
        static Calculation crc(java.util.zip.Checksum crc) {
            return new Calculation() {
                @Override
                public void update(byte[] bytes, int offset, int length) {
                    crc.update(bytes, offset, length);
                }

                @Override
                public byte[] value() {
                    return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
                }
            };
        }
    }

    /** A value that is known. */
    public static final class Expected {
        private final String name;
        private final byte[] value;
        private final Calculation calculation;

        /** Makes one; {@code name} is for people. */
        public Expected(String name, byte[] value, Calculation calculation) {
            this.name = name;
            this.value = value.clone();
            this.calculation = calculation;
        }

        private boolean fits() {
            return MessageDigest.isEqual(value, calculation.value());
        }
    }

    private final List<Expected> all;
    private long position;

    /** Makes one of nothing that has arrived yet. */
    public Checksum(List<Expected> all) {
        this.all = List.copyOf(all);
    }

    /** Returns how many bytes were taken into account. */
    long position() {
        return position;
    }

    void update(byte[] bytes, int offset, int length) {
        all.forEach(one -> one.calculation.update(bytes, offset, length));
        position += length;
    }

    /** Returns which one what arrived does not have, after all of it; empty if it is what the service has. */
    Optional<String> violated() {
        return all.stream().filter(one -> !one.fits()).map(one -> one.name).findFirst();
    }
}
