package dewy.registry.oci;

import dewy.api.release.Platform;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an image is for, as the OCI image specification writes it.
 *
 * @param os such as {@code linux}
 * @param arch such as {@code amd64}, {@code arm64}, {@code arm}
 * @param variant of the architecture, such as {@code v7}; empty where it is the common one
 */
record ImagePlatform(String os, String arch, String variant) {
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("x86_64", "amd64"),
            Map.entry("x86-64", "amd64"),
            Map.entry("aarch64", "arm64"),
            Map.entry("i386", "386"),
            Map.entry("x86", "386"),
            Map.entry("armhf", "arm/v7"),
            Map.entry("armv7", "arm/v7"),
            Map.entry("armv7l", "arm/v7"),
            Map.entry("armv6", "arm/v6"),
            Map.entry("armel", "arm/v6"),
            Map.entry("loongarch64", "loong64"));
    private static final Map<String, Integer> COMMON = Map.of("arm", 700, "arm64", 800);
    private static final Pattern LEVEL = Pattern.compile("v(\\d{1,3})(?:\\.(\\d{1,2}))?");
    private static final Pattern WRITTEN = Pattern.compile("([a-z0-9]+)/([a-z0-9_-]+)(?:/([a-z0-9.]+))?");

    /** Returns what engines on this host run: on all systems but Windows, images for Linux. */
    static ImagePlatform ofThisHost() {
        Platform host = Platform.current();
        return of(host.os().equals("windows") ? "windows" : "linux", host.arch(), "");
    }

    /** Reads {@code os/arch} or {@code os/arch/variant}. */
    static Optional<ImagePlatform> parse(String text) {
        Matcher written = WRITTEN.matcher(text.toLowerCase(Locale.ROOT));
        return written.matches()
                ? Optional.of(of(
                        written.group(1),
                        written.group(2),
                        Optional.ofNullable(written.group(3)).orElse("")))
                : Optional.empty();
    }

    /** Reads the {@code platform} of an index, or a configuration; empty where none is told. */
    static Optional<ImagePlatform> of(Json json) {
        Optional<String> arch = json.get("architecture").text();
        String variant = json.get("variant").text().orElse("");
        return arch.map(told -> of(json.get("os").text().orElse("linux"), told, variant));
    }

    private static ImagePlatform of(String os, String arch, String variant) {
        String lower = arch.toLowerCase(Locale.ROOT);
        String[] known = ALIASES.getOrDefault(lower, lower).split("/", 2);
        String implied = known.length == 2 ? known[1] : "";
        return new ImagePlatform(
                os.toLowerCase(Locale.ROOT), known[0], variant.isEmpty() ? implied : variant.toLowerCase(Locale.ROOT));
    }

    /** Returns how good an image for another platform is here, the higher the better; empty if it does not run. */
    OptionalInt fitOf(ImagePlatform image) {
        if (!os.equals(image.os) || !arch.equals(image.arch)) {
            return OptionalInt.empty();
        }
        OptionalInt own = level();
        OptionalInt needed = image.level();
        if (own.isEmpty() || needed.isEmpty()) {
            return variant.equals(image.variant) ? OptionalInt.of(Integer.MAX_VALUE) : needed;
        }
        return needed.getAsInt() <= own.getAsInt() ? needed : OptionalInt.empty();
    }

    /** Returns whether it stands for what is no image to run, such as an attestation. */
    boolean isUnknown() {
        return os.equals("unknown") || arch.equals("unknown");
    }

    /** Returns the level of instructions; empty where it is not told by a number. */
    private OptionalInt level() {
        if (variant.isEmpty()) {
            return OptionalInt.of(COMMON.getOrDefault(arch, 100));
        }
        Matcher level = LEVEL.matcher(variant);
        if (!level.matches()) {
            return OptionalInt.empty();
        }
        int minor = level.group(2) == null ? 0 : Integer.parseInt(level.group(2));
        return OptionalInt.of(Integer.parseInt(level.group(1)) * 100 + minor);
    }

    @Override
    public String toString() {
        return os + "/" + arch + (variant.isEmpty() ? "" : "/" + variant);
    }
}
