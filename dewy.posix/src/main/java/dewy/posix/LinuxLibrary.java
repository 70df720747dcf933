package dewy.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The functions that only the C libraries of Linux have; the rest is in {@link CLibrary}, and the same holds for it. */
final class LinuxLibrary {
    private LinuxLibrary() {}

    static void bind(NativeLibrary library) {
        Native.register(LinuxLibrary.class, library);
    }

    static native int pipe2(int[] ends, int flags);

    static native int setsockopt(int descriptor, int level, int name, Pointer value, int length);

    static native int sigaction(int signal, Pointer action, Pointer before);

    static native Pointer mmap(Pointer at, long length, int protection, int flags, int descriptor, long offset);

    static native int mprotect(Pointer at, long length, int protection);
}
