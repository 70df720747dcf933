package dewy.api.release;

import java.util.Locale;

/**
 * What this host is, in the names that release artifacts use.
 *
 * @param os {@code linux}, {@code darwin} or {@code windows}
 * @param arch {@code amd64}, {@code arm64}, {@code armv7}, {@code 386}, or what the system calls itself
 */
public record Platform(String os, String arch) {
    /** Returns the platform this Java runs on. */
    public static Platform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** Returns the platform that Java describes by these values of {@code os.name} and {@code os.arch}. */
    public static Platform of(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = osArch.toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("win") ? "windows" : os;
        String machine =
                switch (arch) {
                    case "amd64", "x86_64", "x64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    case "arm", "arm32", "armv7l" -> "armv7";
                    case "x86", "i386", "i486", "i586", "i686" -> "386";
                    default -> arch;
                };
        return new Platform(system, machine);
    }
}
