package dewy.archive;

/**
 * How much an archive may take while it is unpacked. What goes beyond is refused before it is written or allocated.
 *
 * @param entries how many entries it may list and directories it may imply, together
 * @param bytes how many bytes it may write, and how many more it may unpack to that are not written: headers, padding
 * @param ratio how many times its own size it may unpack to; asked only beyond {@link #RATIO_FREE} bytes, so that small
 *     archives that pack well are fine
 * @param decoderMemory how many bytes the decoder may take for its dictionary or window; {@code xz -9} takes 65 MiB,
 *     {@code zstd --ultra -22} 128 MiB
 */
public record ExtractionLimits(int entries, long bytes, int ratio, long decoderMemory) {
    /** 100,000 entries, 16 GiB, 200 times the archive's size, 128 MiB for the decoder. */
    public static final ExtractionLimits DEFAULT = new ExtractionLimits(100_000, 16L << 30, 200, 128L << 20);

    /** Up to this many unpacked bytes the ratio does not matter: 64 MiB. */
    public static final long RATIO_FREE = 64L << 20;

    public ExtractionLimits {
        if (entries < 1 || bytes < 1 || ratio < 1 || decoderMemory < 1024) {
            throw new IllegalArgumentException(
                    "extraction limits are positive, with 1024 bytes or more for the decoder");
        }
    }
}
