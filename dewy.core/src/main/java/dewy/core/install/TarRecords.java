package dewy.core.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a tar, each looked at before the library acts on it: it keeps extension headers in memory, reads them by
 * recursion, and believes their checksums. For one thread.
 */
final class TarRecords extends TarArchiveInputStream {
    /** The kind of entry that only names the tape. */
    static final byte VOLUME_LABEL = 'V';

    private static final int TYPE = 156;
    private static final int SIZE = 124;
    private static final int NAME = 0;
    private static final int PREFIX = 345;

    /** Extension headers before one entry: long name, long link and pax make three. */
    private static final int MAX_EXTENSIONS = 8;

    /** Bytes of global pax headers in one archive: they stay in memory until its end. */
    private static final int MAX_GLOBAL = 64 << 10;

    private static final String ENCODING = "UTF-8";

    private int extensions;
    private long globals;
    private boolean ended;

    TarRecords(InputStream source) {
        super(source, TarConstants.DEFAULT_BLKSIZE, TarConstants.DEFAULT_RCDSIZE, ENCODING, true);
    }

    /** Moves on to the next entry; empty at the end marker, refused at an end without one. */
    Optional<TarArchiveEntry> following() throws IOException {
        extensions = 0;
        @Nullable TarArchiveEntry entry = getNextEntry();
        if (entry == null && (!ended || extensions > 0)) {
            throw new RefusedException("it is cut off: its end is missing");
        }
        return Optional.ofNullable(entry);
    }

    @Override
    protected byte @Nullable [] readRecord() throws IOException {
        byte @Nullable [] header = super.readRecord();
        if (header != null && !ended && !super.isEOFRecord(header)) {
            inspect(header);
        }
        return header;
    }

    @Override
    protected boolean isEOFRecord(byte @Nullable [] record) {
        boolean end = super.isEOFRecord(record);
        ended |= end && record != null;
        return end;
    }

    @Override
    protected byte @Nullable [] getLongNameData() throws IOException {
        byte @Nullable [] name = super.getLongNameData();
        if (name != null) {
            requireUtf8(name, 0, name.length);
        }
        return name;
    }

    private void inspect(byte[] header) throws IOException {
        if (!TarUtils.verifyCheckSum(header)) {
            throw new RefusedException("a header in it is damaged: its checksum is wrong");
        }
        switch (header[TYPE]) {
            case TarConstants.LF_GNUTYPE_SPARSE ->
                throw new RefusedException("it holds a sparse file", "Pack it without --sparse.");
            case TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER -> global(header);
            case TarConstants.LF_GNUTYPE_LONGNAME,
                    TarConstants.LF_GNUTYPE_LONGLINK,
                    TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                    TarConstants.LF_PAX_EXTENDED_HEADER_UC -> extension();
            default -> plain(header);
        }
    }

    private void global(byte[] header) throws RefusedException {
        globals += TarUtils.parseOctalOrBinary(header, SIZE, TarConstants.SIZELEN);
        if (globals > MAX_GLOBAL) {
            throw new RefusedException(
                    String.format(Locale.ROOT, "its global headers are longer than %,d bytes", MAX_GLOBAL));
        }
        extension();
    }

    /** The library reads them by recursion, one level each. */
    private void extension() throws RefusedException {
        if (++extensions > MAX_EXTENSIONS) {
            throw new RefusedException("an entry of it has more than " + MAX_EXTENSIONS + " extension headers");
        }
    }

    /** With an extension, the name in the header may be cut off in the middle of a character. */
    private void plain(byte[] header) throws RefusedException {
        if (extensions == 0) {
            requireUtf8(header, NAME, TarConstants.NAMELEN);
            requireUtf8(header, PREFIX, TarConstants.PREFIXLEN);
        }
    }

    private static void requireUtf8(byte[] bytes, int offset, int length) throws RefusedException {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, end - offset));
        } catch (CharacterCodingException otherCharset) {
            String shown = new String(bytes, offset, end - offset, StandardCharsets.ISO_8859_1);
            throw RefusedException.entry(shown, "is a name that is not UTF-8", "Rename the file.");
        }
    }
}
