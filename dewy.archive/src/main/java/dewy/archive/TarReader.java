package dewy.archive;

import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads a tar as GNU tar does: ustar, pax and GNU's own, without sparse files. It must end with its end marker, because
 * one that was cut off between two entries looks complete otherwise. What follows the marker is unpacked for the
 * checksums of the compression, and dropped.
 */
final class TarReader implements EntryReader {
    /** Extension headers before one entry: long name, long link and pax make three. */
    private static final int MAX_EXTENSIONS = 8;

    /** The folders of an incremental dump: a directory whose content lists what was in it. */
    private static final char DUMPED_DIRECTORY = 'D';

    /** The kind of entry that only names the tape. */
    private static final char VOLUME_LABEL = 'V';

    private final TarSource source;
    private PaxRecords global = PaxRecords.NONE;
    private long content;
    private int padding;

    private TarReader(TarSource source) {
        this.source = source;
    }

    /** Opens what a decoder of {@code format} gives; it is closed with the reader. */
    static TarReader open(TarSource source, ArchiveFormat format) throws IOException {
        byte[] head = source.head();
        if (!ArchiveFormat.isTar(head)) {
            throw new RefusedException(
                    "it is a " + format + " file, but holds no tar; what it holds starts with "
                            + ArchiveFormat.shown(head),
                    "Pack the files with tar before you compress them.");
        }
        return new TarReader(source);
    }

    @Override
    public Optional<Entry> next() throws IOException {
        skipContent();
        source.betweenContents();
        int extensions = 0;
        TarExtensions said = new TarExtensions(global);
        for (Optional<TarHeader> next = header(); next.isPresent(); next = header()) {
            TarHeader header = next.get();
            switch (header.type()) {
                case 'x', 'X' -> said.pax(PaxRecords.parse(extension(header, ++extensions)));
                case 'g' -> {
                    global = PaxRecords.parse(extension(header, ++extensions));
                    said = new TarExtensions(global);
                }
                case 'L' -> said.longName(extension(header, ++extensions));
                case 'K' -> said.longLink(extension(header, ++extensions));
                case VOLUME_LABEL -> {
                    source.skip(padded(header.size()));
                    said = new TarExtensions(global);
                }
                default -> {
                    source.inContent();
                    return Optional.of(entry(header, said));
                }
            }
        }
        source.drain();
        return Optional.empty();
    }

    @Override
    public int read(byte[] target) throws IOException {
        if (content == 0) {
            return -1;
        }
        int read = source.read(target, 0, (int) Math.min(target.length, content));
        if (read < 0) {
            throw new EOFException("it ends in the middle of this file");
        }
        content -= read;
        return read;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Returns the next header; empty at the end marker. */
    private Optional<TarHeader> header() throws IOException {
        byte[] block = source.block();
        if (block.length == 0) {
            throw new RefusedException("it is cut off: its end is missing");
        }
        if (block.length < TarHeader.BYTES) {
            throw new EOFException("it ends in the middle of a header");
        }
        TarHeader header = new TarHeader(block);
        if (header.isEnd()) {
            return Optional.empty();
        }
        if (!header.hasRightChecksum()) {
            throw new RefusedException("a header in it is damaged: its checksum is wrong");
        }
        return Optional.of(header);
    }

    private byte[] extension(TarHeader header, int count) throws IOException {
        if (count > MAX_EXTENSIONS) {
            throw new RefusedException("an entry of it has more than " + MAX_EXTENSIONS + " extension headers");
        }
        long size = header.size();
        if (size > TarSource.MAX_HEADERS) {
            throw new RefusedException(String.format(
                    Locale.ROOT, "the headers of one entry are longer than %,d bytes", TarSource.MAX_HEADERS));
        }
        byte[] content = source.bytes((int) size);
        source.skip(padded(size) - size);
        return content;
    }

    private Entry entry(TarHeader header, TarExtensions said) throws IOException {
        String name = said.name(header);
        if (header.type() == 'S' || said.isSparse()) {
            throw RefusedException.entry(name, "is a sparse file", "Pack it without --sparse.");
        }
        Entry.Kind kind = kind(header, name);
        boolean linked = kind == Entry.Kind.HARD_LINK || kind == Entry.Kind.SYMBOLIC_LINK;
        if (kind == Entry.Kind.FILE || header.type() == DUMPED_DIRECTORY) {
            content = said.size(header);
            padding = (int) (padded(content) - content);
        }
        return new Entry(name, kind, header.mode(), said.modified(header), linked ? said.linkName(header) : "");
    }

    /** Nothing but files has content, whatever size a header names: so do other tools read it, too. */
    private static Entry.Kind kind(TarHeader header, String name) throws RefusedException {
        return switch (header.type()) {
            // Tars from before there were directories mark one by a slash at the end of its name.
            case '0', '\0', '7' -> name.endsWith("/") ? Entry.Kind.DIRECTORY : Entry.Kind.FILE;
            case '1' -> Entry.Kind.HARD_LINK;
            case '2' -> Entry.Kind.SYMBOLIC_LINK;
            case '5', DUMPED_DIRECTORY -> Entry.Kind.DIRECTORY;
            case '3', '4' -> throw RefusedException.entry(name, "is a device");
            case '6' -> throw RefusedException.entry(name, "is a named pipe");
            case 'M' -> throw RefusedException.entry(name, "continues in another volume");
            default -> throw RefusedException.entry(name, "is of a kind that no release holds");
        };
    }

    private void skipContent() throws IOException {
        source.skip(content + padding);
        content = 0;
        padding = 0;
    }

    private static long padded(long size) throws RefusedException {
        if (size > Long.MAX_VALUE - TarHeader.BYTES) {
            throw new RefusedException("a header in it is damaged: its size is beyond all measure");
        }
        return (size + TarHeader.BYTES - 1) / TarHeader.BYTES * TarHeader.BYTES;
    }
}
