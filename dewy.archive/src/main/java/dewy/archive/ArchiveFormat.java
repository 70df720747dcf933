package dewy.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** The formats that can be unpacked, told apart by how a file starts. */
enum ArchiveFormat {
    TAR("tar", "none"),
    GZIP("gz|tgz", "1f8b"),
    BZIP2("bz2|tbz2|tbz", "425a683[1-9]"),
    XZ("xz|txz", "fd377a585a00"),
    /** Its first frame may be one to be skipped. */
    ZSTD("zst|tzst", "28b52ffd|5.2a4d18"),
    /** PK00 is written where it was not known yet that there would be one part only. */
    ZIP("zip", "504b(0304|0506|3030504b0304)");

    /** How many bytes of a file tell its format: the first header of a tar. */
    static final int HEAD = TarHeader.BYTES;

    private static final int SHOWN = 8;

    private final String suffixes;
    private final String magics;

    /** @param magics the first bytes in hexadecimal; both are regular expressions */
    ArchiveFormat(String suffixes, String magics) {
        this.suffixes = suffixes;
        this.magics = magics;
    }

    /**
     * Returns the format of a file that starts with {@code head}.
     *
     * @throws RefusedException if it is none, or another one than the file's name says
     */
    static ArchiveFormat of(String name, byte[] head) throws RefusedException {
        if (head.length == 0) {
            throw new RefusedException("it is empty", "Look at how the artifact was uploaded.");
        }
        Optional<ArchiveFormat> content = ofContent(head);
        Optional<ArchiveFormat> named = ofName(name);
        if (named.isPresent() && !named.equals(content)) {
            throw new RefusedException(
                    "it is not a " + named.get() + " file" + named.get().exception() + "; its first bytes are "
                            + shown(head)
                            + content.map(is -> ", as those of a " + is + " file")
                                    .orElse(""),
                    "Look at how the artifact was built and uploaded.");
        }
        return content.orElseThrow(() -> new RefusedException(
                "it is no archive; its first bytes are " + shown(head),
                "Publish a tar, tar.gz, tar.bz2, tar.xz, tar.zst or zip, or choose another artifact with artifact=."));
    }

    /** Returns whether a tar starts like this; one without entries starts with zeros. */
    static boolean isTar(byte[] head) {
        if (head.length < HEAD) {
            return false;
        }
        TarHeader header = new TarHeader(head);
        return header.isEnd() || header.hasRightChecksum();
    }

    private static Optional<ArchiveFormat> ofContent(byte[] head) {
        if (isTar(head)) {
            return Optional.of(TAR);
        }
        String hex = HexFormat.of().formatHex(head, 0, Math.min(head.length, SHOWN));
        return Arrays.stream(values())
                .filter(format -> hex.matches("(" + format.magics + ").*"))
                .findFirst();
    }

    private static Optional<ArchiveFormat> ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> lower.matches(".*\\.(" + format.suffixes + ")"))
                .findFirst();
    }

    private String exception() {
        return this == ZIP ? ", or only a part of a split one" : "";
    }

    /** Returns the first bytes of {@code head} as people can read them. */
    static String shown(byte[] head) {
        byte[] first = Arrays.copyOf(head, Math.min(SHOWN, head.length));
        String text = new String(first, StandardCharsets.US_ASCII).replaceAll("[^ -~]", ".");
        return HexFormat.ofDelimiter(" ").formatHex(first) + " (" + text + ")";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
