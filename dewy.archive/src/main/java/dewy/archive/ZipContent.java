package dewy.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** The content of one zip entry, whose length and CRC must be what the table of contents says. For one thread. */
final class ZipContent extends FilterInputStream {
    private final ZipRecord entry;
    private final CRC32 crc = new CRC32();
    private long length;

    ZipContent(ZipRecord entry, InputStream content) {
        super(content);
        this.entry = entry;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int size) throws IOException {
        int read = in.read(target, offset, size);
        if (read > 0) {
            crc.update(target, offset, read);
            length += read;
        }
        if (read < 0 && (length != entry.size() || (int) crc.getValue() != entry.crc())) {
            throw RefusedException.entry(entry.shownName(), "is damaged: its length or its checksum is wrong");
        }
        return read;
    }
}
