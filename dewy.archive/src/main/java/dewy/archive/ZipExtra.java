package dewy.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One extra field of a zip header: an id, which says what it means, and its data, little-endian.
 *
 * @param data to be read from its start
 */
record ZipExtra(int id, ByteBuffer data) {
    private static final int HEADER = 4;

    /** Reads all fields; what is left behind the last that is whole means nothing. */
    static List<ZipExtra> parse(byte[] extra) {
        List<ZipExtra> fields = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(extra).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.remaining() >= HEADER) {
            int id = bytes.getShort() & 0xffff;
            int length = bytes.getShort() & 0xffff;
            if (length > bytes.remaining()) {
                break;
            }
            fields.add(new ZipExtra(id, bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN)));
            bytes.position(bytes.position() + length);
        }
        return fields;
    }
}
