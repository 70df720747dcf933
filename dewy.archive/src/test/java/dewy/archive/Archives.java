package dewy.archive;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Makes archives in memory, the hostile ones too. */
public final class Archives {
    private Archives() {}

    public interface Step<T> {
        void run(T target) throws IOException;
    }

    public static byte[] tar(Step<TarArchiveOutputStream> content) {
        return bytes(out -> {
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
                tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
                content.run(tar);
            }
        });
    }

    public static byte[] zip(Step<ZipArchiveOutputStream> content) {
        return bytes(out -> {
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
                content.run(zip);
            }
        });
    }

    public static byte[] gzip(byte[] content) {
        return packed(content, GZIPOutputStream::new);
    }

    public static byte[] bzip2(byte[] content) {
        return packed(content, BZip2CompressorOutputStream::new);
    }

    public static byte[] xz(byte[] content, int dictionary) {
        return packed(content, out -> {
            LZMA2Options options = new LZMA2Options(1);
            options.setDictSize(dictionary);
            return new XZOutputStream(out, options);
        });
    }

    public static byte[] zstd(byte[] content) {
        return packed(content, ZstdOutputStream::new);
    }

    public static void file(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        file(tar, name, 0644, content);
    }

    public static void file(TarArchiveOutputStream tar, String name, String content) throws IOException {
        file(tar, name, 0644, content.getBytes(StandardCharsets.UTF_8));
    }

    public static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setMode(mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    public static void directory(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_DIR, true);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    /** An entry without content: a link, a device, a pipe, or what the type says. */
    public static void bare(TarArchiveOutputStream tar, String name, int type, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    public static void file(ZipArchiveOutputStream zip, String name, String content) throws IOException {
        entry(zip, name, UnixStat.FILE_FLAG | 0644, content.getBytes(StandardCharsets.UTF_8));
    }

    public static void link(ZipArchiveOutputStream zip, String name, String target) throws IOException {
        entry(zip, name, UnixStat.LINK_FLAG | 0777, target.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds an entry.
     *
     * @param mode with the bits of the file's type; 0 for an archive from a system without modes
     */
    public static void entry(ZipArchiveOutputStream zip, String name, int mode, byte[] content) throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        if (mode != 0) {
            entry.setUnixMode(mode);
        }
        zip.putArchiveEntry(entry);
        zip.write(content);
        zip.closeArchiveEntry();
    }

    /** Bytes that do not compress, the same for the same seed. */
    public static byte[] noise(int length, long seed) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private interface Packing {
        OutputStream open(OutputStream out) throws IOException;
    }

    private static byte[] packed(byte[] content, Packing packing) {
        return bytes(out -> {
            try (OutputStream packed = packing.open(out)) {
                packed.write(content);
            }
        });
    }

    public static byte[] bytes(Step<OutputStream> content) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            content.run(out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
