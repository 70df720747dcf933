package dewy.archive;

import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What stands in front of the header of one entry and says what that has no room for. Of several of a kind the last
 * counts; pax counts more than GNU's long names. For one thread.
 */
final class TarExtensions {
    private final PaxRecords global;
    private PaxRecords own = PaxRecords.NONE;
    private Optional<byte[]> longName = Optional.empty();
    private Optional<byte[]> longLink = Optional.empty();

    /** @param global what was said of all entries */
    TarExtensions(PaxRecords global) {
        this.global = global;
    }

    void pax(PaxRecords records) {
        own = records;
    }

    void longName(byte[] content) {
        longName = Optional.of(TarHeader.untilZero(content));
    }

    void longLink(byte[] content) {
        longLink = Optional.of(TarHeader.untilZero(content));
    }

    boolean isSparse() {
        return pax().isSparse();
    }

    String name(TarHeader header) throws RefusedException {
        return new NameBytes(pax().path().or(() -> longName).orElseGet(header::name)).decode();
    }

    String linkName(TarHeader header) throws RefusedException {
        return new NameBytes(pax().linkPath().or(() -> longLink).orElseGet(header::linkName)).decode();
    }

    long size(TarHeader header) throws RefusedException {
        Optional<Long> said = pax().size();
        return said.isPresent() ? said.get() : header.size();
    }

    FileTime modified(TarHeader header) throws RefusedException {
        Optional<FileTime> said = pax().modified();
        return said.isPresent() ? said.get() : FileTime.from(header.time(), TimeUnit.SECONDS);
    }

    private PaxRecords pax() {
        return own.or(global);
    }
}
