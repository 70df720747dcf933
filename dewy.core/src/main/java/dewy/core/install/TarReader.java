package dewy.core.install;

import java.io.IOException;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads a tar: ustar, pax and GNU, without sparse files. It must end with its end marker, because one that was cut off
 * between two entries looks complete otherwise. What follows the marker is unpacked for the checksums of the
 * compression, and dropped.
 */
final class TarReader implements EntryReader {
    private final TarSource source;
    private final TarRecords tar;

    private TarReader(TarSource source) {
        this.source = source;
        this.tar = new TarRecords(source);
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
        source.betweenContents();
        Optional<TarArchiveEntry> next = tar.following();
        while (next.isPresent() && next.get().getLinkFlag() == TarRecords.VOLUME_LABEL) {
            next = tar.following();
        }
        if (next.isEmpty()) {
            source.drain();
            return Optional.empty();
        }
        source.inContent();
        return Optional.of(entry(next.get()));
    }

    @Override
    public int read(byte[] target) throws IOException {
        return tar.read(target);
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    private static Entry entry(TarArchiveEntry entry) throws RefusedException {
        if (entry.isSparse()) {
            throw RefusedException.entry(entry.getName(), "is a sparse file", "Pack it without --sparse.");
        }
        Entry.Kind kind = kind(entry);
        boolean linked = kind == Entry.Kind.HARD_LINK || kind == Entry.Kind.SYMBOLIC_LINK;
        return new Entry(
                entry.getName(),
                kind,
                entry.getMode(),
                entry.getLastModifiedTime(),
                linked ? String.valueOf(entry.getLinkName()) : "");
    }

    private static Entry.Kind kind(TarArchiveEntry entry) throws RefusedException {
        return switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> fileOrDirectory(entry);
            case TarConstants.LF_DIR -> Entry.Kind.DIRECTORY;
            case TarConstants.LF_SYMLINK -> Entry.Kind.SYMBOLIC_LINK;
            case TarConstants.LF_LINK -> Entry.Kind.HARD_LINK;
            case TarConstants.LF_CHR, TarConstants.LF_BLK -> throw refused(entry, "is a device");
            case TarConstants.LF_FIFO -> throw refused(entry, "is a named pipe");
            case TarConstants.LF_MULTIVOLUME -> throw refused(entry, "continues in another volume");
            default -> throw refused(entry, "is of a kind that no release holds");
        };
    }

    /** Tars from before there were directories mark one by a slash at the end of its name. */
    private static Entry.Kind fileOrDirectory(TarArchiveEntry entry) throws RefusedException {
        if (!entry.getName().endsWith("/")) {
            return Entry.Kind.FILE;
        }
        if (entry.getSize() > 0) {
            throw refused(entry, "has the name of a directory and the content of a file");
        }
        return Entry.Kind.DIRECTORY;
    }

    private static RefusedException refused(TarArchiveEntry entry, String does) {
        return RefusedException.entry(entry.getName(), does);
    }
}
