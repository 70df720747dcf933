package dewy.archive;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.archive.ArchiveExtractor.Unpacked;
import dewy.archive.disk.CarriedException;
import dewy.archive.disk.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** One archive on its way into one folder. For one thread, once. */
final class Extraction {
    private static final String TRIED = "unpack";

    private final Call call;
    private final Path archive;
    private final String name;
    private final Path folder;
    private final ExtractionLimits limits;
    private String last = "";

    Extraction(Call call, Path archive, String name, Path folder, ExtractionLimits limits) {
        this.call = call;
        this.archive = archive;
        this.name = name;
        this.folder = folder;
        this.limits = limits;
    }

    Unpacked run() throws DewyException {
        try (ArchiveChannel channel = ArchiveChannel.open(call, archive)) {
            requireRoom(channel.size() + DiskSpace.HEADROOM);
            return unpack(channel, new Meter(call, limits, channel));
        } catch (IOException refused) {
            throw failure(refused);
        }
    }

    private Unpacked unpack(ArchiveChannel channel, Meter meter) throws IOException, DewyException {
        try (EntryWriter writer = new EntryWriter(call, folder, meter)) {
            try (EntryReader entries = Untrusted.open(() -> reader(channel, meter))) {
                requireDeclaredRoom(entries, meter);
                for (Optional<Entry> next = entries.next(); next.isPresent(); next = entries.next()) {
                    last = next.get().name();
                    meter.entry();
                    writer.write(next.get(), entries);
                }
            }
            return writer.finish();
        }
    }

    private EntryReader reader(ArchiveChannel channel, Meter meter) throws IOException {
        ArchiveFormat format = ArchiveFormat.of(name, channel.head(ArchiveFormat.HEAD));
        if (format == ArchiveFormat.ZIP) {
            return ZipReader.open(channel);
        }
        if (format == ArchiveFormat.ZSTD) {
            ZstdLibrary.load(folder);
        }
        TarSource source = TarSource.open(format, channel, limits.decoderMemory(), meter);
        try {
            return TarReader.open(source, format);
        } catch (IOException | RuntimeException damaged) {
            source.close();
            throw damaged;
        }
    }

    /** Only a zip says beforehand how much room it takes. */
    private void requireDeclaredRoom(EntryReader entries, Meter meter) throws IOException, DewyException {
        Optional<EntryReader.Declared> declared = entries.declared();
        if (declared.isPresent()) {
            meter.require(declared.get());
            requireRoom(declared.get().bytes());
        }
    }

    private void requireRoom(long bytes) throws StorageException {
        DiskSpace.require(TRIED + " " + name + " to", folder, bytes);
    }

    private DewyException failure(IOException refused) {
        Optional<DewyException> carried = CarriedException.in(refused);
        if (carried.isPresent()) {
            return carried.get();
        }
        Optional<RefusedException> reason = RefusedException.in(refused);
        if (reason.isPresent()) {
            Problem problem =
                    Problem.of(TRIED, name, reason.get().why(), reason.get().advice());
            return reason.get().isByHost()
                    ? new StorageException(problem, refused)
                    : new CorruptException(problem, refused);
        }
        String where = last.isEmpty() ? "it is damaged" : "it is damaged at or after " + RefusedException.quoted(last);
        String why = refused.getMessage() == null ? "" : ": " + RefusedException.quoted(refused.getMessage());
        return new CorruptException(
                Problem.of(TRIED, name, where + why, "Look at how the artifact was built and uploaded."), refused);
    }
}
