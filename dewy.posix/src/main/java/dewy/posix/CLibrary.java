package dewy.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import dewy.api.Problem;
import dewy.api.StorageException;

/**
 * The functions of the C library that Java does not offer. They are bound when this class is first used, which takes a
 * moment, so nothing touches it before a socket or a process is needed.
 */
final class CLibrary {
    private static final boolean LOADED = load();

    private CLibrary() {}

    static native int socket(int domain, int type, int protocol);

    static native int bind(int descriptor, byte[] address, int length);

    static native int listen(int descriptor, int backlog);

    static native int setsockopt(int descriptor, int level, int name, IntByReference value, int length);

    static native int getsockname(int descriptor, byte[] address, IntByReference length);

    static native int connect(int descriptor, byte[] address, int length);

    static native int close(int descriptor);

    static native int fcntl(int descriptor, int command, int argument);

    static native int posix_spawn(
            IntByReference pid,
            String path,
            Pointer fileActions,
            Pointer attributes,
            StringArray arguments,
            StringArray environment);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_addopen(
            Pointer actions, int descriptor, String path, int flags, int mode);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_addclose(Pointer actions, int descriptor);

    static native int posix_spawn_file_actions_addchdir_np(Pointer actions, String path);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setpgroup(Pointer attributes, int group);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    static native int sigfillset(Pointer signals);

    static native int sigemptyset(Pointer signals);

    static native Pointer signal(int number, Pointer handler);

    static native int waitid(int idType, int id, Pointer info, int options);

    static native int waitpid(int pid, IntByReference status, int options);

    static native int kill(int pid, int signal);

    static native long syscall(long number, long first, long second);

    static native Pointer getpwnam(String name);

    static native Pointer getpwuid(int id);

    static native Pointer getgrnam(String name);

    static native String strerror(int error);

    /**
     * Binds the functions, if that has not been done.
     *
     * @throws StorageException if it cannot be done on this system, or not from its folder for temporary files
     */
    static void require() throws StorageException {
        try {
            if (!LOADED) {
                throw new IllegalStateException("the class is being initialised");
            }
        } catch (LinkageError e) {
            throw new StorageException(
                    new Problem(
                            "start processes and open sockets",
                            "",
                            "the native library does not load: " + rootReason(e),
                            "It needs Linux on x86-64 or aarch64, and a folder for temporary files that allows execution"
                                    + " (TMPDIR or -Djna.tmpdir)"),
                    e);
        }
    }

    /** Returns whether the C library has a function. */
    static boolean has(String function) {
        try {
            NativeLibrary.getInstance("c").getFunction(function);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static boolean load() {
        if (!System.getProperty("os.name", "").startsWith("Linux")) {
            throw new UnsatisfiedLinkError("this is " + System.getProperty("os.name"));
        }
        System.setProperty("jna.nosys", "true");
        Native.register(CLibrary.class, "c");
        // A parent may have left it ignored, and then no child could be waited for.
        signal(Constants.SIGCHLD, Pointer.NULL);
        return true;
    }

    private static String rootReason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
