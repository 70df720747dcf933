package dewy.core.select;

import dewy.api.release.Platform;
import java.util.function.Supplier;

/**
 * What artifacts have to suit.
 *
 * @param platform its operating system and architecture
 * @param libc its C library, asked for only where that matters
 */
public record Host(Platform platform, Supplier<Libc> libc) {
    private static final Host CURRENT = new Host(Platform.current(), Libc::ofThisProcess);

    /** Returns the host this Java runs on. */
    public static Host current() {
        return CURRENT;
    }

    @Override
    public String toString() {
        return platform.os() + "/" + platform.arch() + (libc.get() == Libc.MUSL ? " with musl" : "");
    }
}
