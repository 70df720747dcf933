package dewy.cache.file;

import dewy.api.release.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The name of the file that holds a blob: its key, as far as a file may be called so. Different keys have different names.
 */
final class BlobName {
    private static final int LONGEST = 200;
    private static final int HASH = 16;
    private static final String HARMLESS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+=@,";

    private BlobName() {}

    static String of(String key) {
        StringBuilder name = new StringBuilder();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            boolean asItIs = HARMLESS.indexOf(bytes[i]) >= 0 && !(i == 0 && isTaken(key));
            name.append(asItIs ? String.valueOf((char) bytes[i]) : escape(bytes[i]));
        }
        if (key.isEmpty() || key.endsWith(DigestFile.SUFFIX)) {
            name.append('~');
        }
        return name.length() <= LONGEST ? name.toString() : name.substring(0, LONGEST - HASH - 1) + "~" + hash(bytes);
    }

    /** Hidden files and markers are no blobs. */
    private static boolean isTaken(String key) {
        return key.startsWith(".") || Markers.isMarker(key);
    }

    private static String escape(byte b) {
        return "%" + HexFormat.of().withUpperCase().toHexDigits(b);
    }

    private static String hash(byte[] key) {
        return Digest.of(key).hex().substring(0, HASH);
    }
}
