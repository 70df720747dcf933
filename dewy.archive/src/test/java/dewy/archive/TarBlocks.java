package dewy.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a tar block by block, so that it can be odd in any way. */
final class TarBlocks {
    private static final int BLOCK = 512;
    private static final int TYPE = 156;

    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

    /** A field of a header: where it starts, and what stands there, a byte a character. */
    record Field(int start, String bytes) {
        static Field mode(String bytes) {
            return new Field(100, bytes);
        }

        static Field owner(String bytes) {
            return new Field(108, bytes);
        }

        static Field size(String bytes) {
            return new Field(124, bytes);
        }

        static Field time(String bytes) {
            return new Field(136, bytes);
        }

        static Field link(String bytes) {
            return new Field(157, bytes);
        }

        static Field magic(String bytes) {
            return new Field(257, bytes);
        }

        static Field prefix(String bytes) {
            return new Field(345, bytes);
        }
    }

    /** A header that names a size of zero unless a field says otherwise. */
    TarBlocks header(String name, char type, Field... fields) {
        byte[] header = new byte[BLOCK];
        put(header, new Field(0, name));
        put(header, Field.mode("0000644"));
        put(header, Field.owner("0000000\0000000000"));
        put(header, Field.size("00000000000"));
        put(header, Field.time("07346545000"));
        put(header, Field.magic("ustar\00000"));
        header[TYPE] = (byte) type;
        for (Field field : fields) {
            put(header, field);
        }
        return checked(header);
    }

    TarBlocks content(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        tar.writeBytes(Arrays.copyOf(bytes, (bytes.length + BLOCK - 1) / BLOCK * BLOCK));
        return this;
    }

    TarBlocks file(String name, String content) {
        return header(name, '0', size(content)).content(content);
    }

    /** A header that says something of the next entry, as L, K, x and g do. */
    TarBlocks extension(char type, String content) {
        return header("././@LongLink", type, size(content)).content(content);
    }

    static Field size(String content) {
        return Field.size(String.format("%011o", content.getBytes(StandardCharsets.UTF_8).length));
    }

    /** A record of a pax header. */
    static String pax(String key, String value) {
        int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int length = rest + 1;
        while (String.valueOf(length).length() + rest != length) {
            length++;
        }
        return length + " " + key + "=" + value + "\n";
    }

    byte[] end() {
        tar.writeBytes(new byte[2 * BLOCK]);
        return tar.toByteArray();
    }

    private TarBlocks checked(byte[] header) {
        put(header, new Field(148, "        "));
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, new Field(148, String.format("%06o\0 ", sum)));
        tar.writeBytes(header);
        return this;
    }

    private static void put(byte[] header, Field field) {
        byte[] bytes = field.bytes().getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, field.start(), bytes.length);
    }
}
