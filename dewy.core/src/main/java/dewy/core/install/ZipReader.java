package dewy.core.install;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * Reads a zip by its central directory, where the modes and the links are. Contents are stored or deflated; the length
 * and the CRC of each are checked.
 */
final class ZipReader implements EntryReader {
    /** The heap that a byte of the central directory takes once it is read, at worst: many tiny extra fields. */
    private static final int HEAP_PER_BYTE = 24;

    /** So much of the directory is read before the heap is looked at again. */
    private static final int SLICE = 512 << 10;

    /** A name that a link points to is not longer. */
    private static final int MAX_TARGET = 4 << 10;

    private static final int DEFAULT_FILE_MODE = 0644;
    private static final int DEFAULT_DIRECTORY_MODE = 0755;

    private final ZipFile zip;
    private final Enumeration<ZipArchiveEntry> entries;
    private InputStream content = InputStream.nullInputStream();

    private ZipReader(ZipFile zip) {
        this.zip = zip;
        this.entries = zip.getEntries();
    }

    /** Opens a zip; the channel is closed with the reader. */
    static ZipReader open(ArchiveChannel archive) throws IOException {
        archive.allow(SLICE, ZipReader::nextSlice);
        ZipFile zip = ZipFile.builder()
                .setSeekableByteChannel(archive)
                .setCharset(StandardCharsets.UTF_8)
                .setUseUnicodeExtraFields(false)
                .setIgnoreLocalFileHeader(true)
                .get();
        archive.allow(Long.MAX_VALUE, () -> Long.MAX_VALUE);
        return new ZipReader(zip);
    }

    @Override
    public Optional<Entry> next() throws IOException {
        content.close();
        content = InputStream.nullInputStream();
        if (!entries.hasMoreElements()) {
            return Optional.empty();
        }
        ZipArchiveEntry entry = entries.nextElement();
        requireReadable(entry);
        content = new ZipContent(entry, zip.getInputStream(entry));
        Entry.Kind kind = kind(entry);
        String target = kind == Entry.Kind.SYMBOLIC_LINK ? target(entry) : "";
        return Optional.of(new Entry(entry.getName(), kind, mode(entry, kind), entry.getLastModifiedTime(), target));
    }

    @Override
    public int read(byte[] target) throws IOException {
        return content.read(target);
    }

    @Override
    public Optional<Declared> declared() {
        long count = 0;
        long bytes = 0;
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            count++;
            bytes = bytes > Long.MAX_VALUE - entry.getSize() ? Long.MAX_VALUE : bytes + entry.getSize();
        }
        return Optional.of(new Declared(count, bytes));
    }

    @Override
    public void close() throws IOException {
        try (zip) {
            content.close();
        }
    }

    private static long nextSlice() throws RefusedException {
        long needed = (long) SLICE * HEAP_PER_BYTE;
        if (HeapRoom.upTo(needed) < needed) {
            throw RefusedException.byHost(
                    "its table of contents is longer than the heap has room for",
                    "Start the agent with a larger heap (-Xmx), or pack fewer files.");
        }
        return SLICE;
    }

    private static void requireReadable(ZipArchiveEntry entry) throws RefusedException {
        if (entry.getGeneralPurposeBit().usesEncryption() || entry.getMethod() == ZipMethod.AES_ENCRYPTED.getCode()) {
            throw refused(entry, "is encrypted", "Publish it unencrypted.");
        }
        if (entry.getDiskNumberStart() > 0) {
            throw refused(entry, "is in another part of a split zip", "Publish it in one file.");
        }
        if (entry.getMethod() != ZipArchiveEntry.STORED && entry.getMethod() != ZipArchiveEntry.DEFLATED) {
            String method = "is packed with method " + entry.getMethod() + ", which is neither stored nor deflated";
            throw refused(entry, method, "Pack it with deflate.");
        }
        if (!isUtf8(entry.getRawName())) {
            throw refused(entry, "is a name that is not UTF-8", "Rename the file.");
        }
    }

    private static Entry.Kind kind(ZipArchiveEntry entry) throws RefusedException {
        return switch (entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG) {
            case 0 -> entry.isDirectory() ? Entry.Kind.DIRECTORY : Entry.Kind.FILE;
            case UnixStat.DIR_FLAG -> Entry.Kind.DIRECTORY;
            case UnixStat.LINK_FLAG -> Entry.Kind.SYMBOLIC_LINK;
            case UnixStat.FILE_FLAG -> {
                if (entry.isDirectory()) {
                    throw refused(entry, "has the name of a directory and the mode of a file", "");
                }
                yield Entry.Kind.FILE;
            }
            default -> throw refused(entry, "is neither a file nor a directory nor a link", "");
        };
    }

    /** Zips from systems without modes have none. */
    private static int mode(ZipArchiveEntry entry, Entry.Kind kind) {
        int mode = entry.getUnixMode() & ~UnixStat.FILE_TYPE_FLAG;
        if (entry.getUnixMode() != 0) {
            return mode;
        }
        return kind == Entry.Kind.DIRECTORY ? DEFAULT_DIRECTORY_MODE : DEFAULT_FILE_MODE;
    }

    private String target(ZipArchiveEntry entry) throws IOException {
        byte[] target = content.readNBytes(MAX_TARGET + 1);
        if (target.length > MAX_TARGET) {
            throw refused(entry, "is a link to a name that is too long", "");
        }
        if (!isUtf8(target)) {
            throw refused(entry, "is a link to a name that is not UTF-8", "");
        }
        return new String(target, StandardCharsets.UTF_8);
    }

    private static boolean isUtf8(byte[] name) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name));
            return true;
        } catch (CharacterCodingException otherCharset) {
            return false;
        }
    }

    private static RefusedException refused(ZipArchiveEntry entry, String does, String advice) {
        return RefusedException.entry(entry.getName(), does, advice);
    }
}
