package dewy.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** A function that older C libraries lack, bound apart from the others. */
final class CloseFrom {
    static final boolean AVAILABLE = CLibrary.has("posix_spawn_file_actions_addclosefrom_np");

    static {
        if (AVAILABLE) {
            Native.register(CloseFrom.class, "c");
        }
    }

    private CloseFrom() {}

    static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);
}
