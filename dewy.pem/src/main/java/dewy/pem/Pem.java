package dewy.pem;

import dewy.api.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in a file of the format PEM (<a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>). */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final long LONGEST = 1 << 20;

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION = {2, 1, 0};

    private Pem() {}

    /**
     * One of the parts of a file.
     *
     * @param label what it is
     * @param text what is between the first line and the last one
     */
    record Block(String label, String text) {
        boolean isEncrypted() {
            return label.startsWith("ENCRYPTED") || text.contains("ENCRYPTED");
        }

        boolean isKey() {
            return label.endsWith("PRIVATE KEY");
        }

        /** Throws an {@link IllegalArgumentException} where it is damaged. */
        byte[] bytes() {
            return Base64.getMimeDecoder().decode(text);
        }
    }

    static List<Block> read(Path file) throws BadCertificate {
        try {
            if (Files.size(file) > LONGEST) {
                throw new BadCertificate(file, "it has more than 1 MB", "Name a file in PEM");
            }
            Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            List<Block> blocks = new ArrayList<>();
            while (matcher.find()) {
                blocks.add(new Block(matcher.group(1), matcher.group(2)));
            }
            return blocks;
        } catch (NoSuchFileException e) {
            throw new BadCertificate(file, "there is no such file", "Check the path");
        } catch (IOException e) {
            throw new BadCertificate(
                    file, StorageException.reason(e), "Check that the user of the agent may read the file");
        }
    }

    /**
     * Returns a private key as PKCS #8 has it, from what older programs write: that of PKCS #1, or of SEC 1, which does not say
     * itself what it is.
     *
     * @param publicKey the key that belongs to it, as X.509 has it, which says so
     */
    static byte[] wrapped(byte[] key, byte[] publicKey) {
        int start = contentOf(publicKey, 0);
        int algorithm = contentOf(publicKey, start);
        int end = algorithm + lengthOf(publicKey, start);
        return element(SEQUENCE, VERSION, Arrays.copyOfRange(publicKey, start, end), element(OCTETS, key));
    }

    /** Returns where the content of an element of DER begins. */
    private static int contentOf(byte[] der, int at) {
        return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
    }

    private static int lengthOf(byte[] der, int at) {
        int length = der[at + 1];
        if (length >= 0) {
            return length;
        }
        int sum = 0;
        for (int i = at + 2; i < contentOf(der, at); i++) {
            sum = (sum << 8) | (der[i] & 0xff);
        }
        return sum;
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
