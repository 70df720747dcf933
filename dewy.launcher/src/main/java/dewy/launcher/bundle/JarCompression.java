package dewy.launcher.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Compresses, when the jar is built, what no agent reads of it as it starts: native code, of which a host needs a file or two,
 * and libraries for what is done seldom. All else stays as it is, since a class that need not be inflated is loaded sooner.
 */
public final class JarCompression {
    private static final Pattern SELDOM = Pattern.compile("(linux|darwin)/.*"
            + "|com/sun/jna/[a-z]+-[^/]+/.*"
            + "|com/github/luben/.*|org/tukaani/.*|org/apache/commons/.*"
            + "|com/fasterxml/jackson/(annotation|databind)/.*");

    private JarCompression() {}

    /** Compresses the jar that is the argument. */
    public static void main(String... arguments) throws IOException {
        compress(Path.of(arguments[0]));
    }

    static void compress(Path jar) throws IOException {
        Path compressed = jar.resolveSibling(jar.getFileName() + ".part");
        try {
            compress(jar, compressed);
            Files.move(compressed, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(compressed);
        }
    }

    private static void compress(Path jar, Path compressed) throws IOException {
        try (ZipFile from = new ZipFile(jar.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(compressed))) {
            to.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry : from.stream().toList()) {
                to.putNextEntry(fresh(entry));
                try (InputStream in = from.getInputStream(entry)) {
                    in.transferTo(to);
                }
            }
        }
    }

    private static ZipEntry fresh(ZipEntry entry) {
        ZipEntry fresh = new ZipEntry(entry.getName());
        fresh.setTimeLocal(entry.getTimeLocal());
        if (SELDOM.matcher(entry.getName()).matches()) {
            fresh.setMethod(ZipEntry.DEFLATED);
        } else {
            fresh.setMethod(ZipEntry.STORED);
            fresh.setSize(entry.getSize());
            fresh.setCrc(entry.getCrc());
        }
        return fresh;
    }
}
