package dewy.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Writes a zip of stored entries byte by byte, so that it can be odd in any way. Text stands for a byte a character. */
final class ZipBytes {
    static final int DOS = 0;
    static final int UNIX = 3;
    static final int UTF8 = 1 << 11;

    private final ByteArrayOutputStream zip = new ByteArrayOutputStream();
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private int entries;
    private String comment = "";

    /** An entry that can be given what is unusual. */
    final class Entry {
        private final String name;
        private final String content;
        private int host = UNIX;
        private int flags;
        private int time = 0x4a21_0000;
        private int attributes = 0100644 << 16;
        private String extra = "";
        private String localExtra = "";

        private Entry(String name, String content) {
            this.name = name;
            this.content = content;
        }

        Entry of(int system, int attributesOfIt) {
            host = system;
            attributes = attributesOfIt;
            return this;
        }

        Entry flags(int bits) {
            flags = bits;
            return this;
        }

        Entry time(int dos) {
            time = dos;
            return this;
        }

        /** Extra fields in the table of contents. */
        Entry extra(String fields) {
            extra = fields;
            return this;
        }

        /** Extra fields in front of the content. */
        Entry localExtra(String fields) {
            localExtra = fields;
            return this;
        }

        ZipBytes add() {
            byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
            CRC32 crc = new CRC32();
            crc.update(bytes);
            int offset = zip.size();
            ByteBuffer local =
                    little(30).putInt(0x04034b50).putShort((short) 10).putShort((short) flags);
            local.putShort((short) 0).putInt(time).putInt((int) crc.getValue());
            local.putInt(bytes.length).putInt(bytes.length);
            write(zip, local.putShort((short) name.length()).putShort((short) localExtra.length()));
            write(zip, name + localExtra);
            zip.writeBytes(bytes);

            ByteBuffer central = little(46).putInt(0x02014b50).put((byte) 10).put((byte) host);
            central.putShort((short) 10)
                    .putShort((short) flags)
                    .putShort((short) 0)
                    .putInt(time);
            central.putInt((int) crc.getValue()).putInt(bytes.length).putInt(bytes.length);
            central.putShort((short) name.length()).putShort((short) extra.length());
            central.position(38).putInt(attributes).putInt(offset);
            write(table, central);
            write(table, name + extra);
            entries++;
            return ZipBytes.this;
        }
    }

    Entry entry(String name, String content) {
        return new Entry(name, content);
    }

    ZipBytes start(String bytes) {
        write(zip, bytes);
        return this;
    }

    ZipBytes comment(String text) {
        comment = text;
        return this;
    }

    byte[] end() {
        int offset = zip.size();
        zip.writeBytes(table.toByteArray());
        ByteBuffer end = little(22).putInt(0x06054b50).putInt(0);
        end.putShort((short) entries)
                .putShort((short) entries)
                .putInt(table.size())
                .putInt(offset);
        write(zip, end.putShort((short) comment.length()));
        write(zip, comment);
        return zip.toByteArray();
    }

    /** Returns an extra field. */
    static String field(int id, String data) {
        return word(id) + word(data.length()) + data;
    }

    static String word(int value) {
        return "" + (char) (value & 0xff) + (char) (value >> 8 & 0xff);
    }

    static String number(int value) {
        return word(value) + word(value >> 16);
    }

    private static void write(ByteArrayOutputStream out, String bytes) {
        out.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void write(ByteArrayOutputStream out, ByteBuffer whole) {
        out.write(whole.array(), whole.arrayOffset(), whole.capacity());
    }

    private static ByteBuffer little(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
