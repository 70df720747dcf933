package dewy.posix;

import com.sun.jna.Function;
import java.util.Optional;

/**
 * What not every C library or kernel has; there is another way for each.
 *
 * @param changeDirectory {@code posix_spawn_file_actions_addchdir_np}: glibc 2.29, musl 1.1.24, macOS 10.15
 * @param closeFrom {@code posix_spawn_file_actions_addclosefrom_np}: glibc 2.34
 * @param pidfds whether a process may be a descriptor: Linux 5.3
 */
record Abilities(Optional<Function> changeDirectory, Optional<Function> closeFrom, boolean pidfds) {
    /** Returns those of this system. The native code must have been loaded. */
    static Abilities ofThisSystem() {
        return new Abilities(
                function("posix_spawn_file_actions_addchdir_np"),
                function("posix_spawn_file_actions_addclosefrom_np"),
                !Constants.MACOS);
    }

    private static Optional<Function> function(String name) {
        try {
            return Optional.of(NativeCode.library().getFunction(name));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }
}
