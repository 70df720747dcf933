package dewy.posix;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The functions of the C library that Java does not offer, mapped directly. {@link NativeCode} binds them; until then
 * this class must not be touched. Arrays are copied for the call, so what blocks gets a {@link Pointer} instead.
 */
final class CLibrary {
    private CLibrary() {}

    static void bind(NativeLibrary library) {
        Native.register(CLibrary.class, library);
    }

    static native int socket(int domain, int type, int protocol);

    static native int bind(int descriptor, byte[] address, int length);

    static native int listen(int descriptor, int backlog);

    static native int connect(int descriptor, byte[] address, int length);

    static native int setsockopt(int descriptor, int level, int name, int[] value, int length);

    static native int getsockname(int descriptor, byte[] address, int[] length);

    static native int shutdown(int descriptor, int how);

    static native long recv(int descriptor, Pointer data, long length, int flags);

    static native long sendmsg(int descriptor, Pointer message, int flags);

    static native int close(int descriptor);

    static native int pipe(int[] ends);

    static native long write(int descriptor, byte[] data, long length);

    static native int dup(int descriptor);

    static native int fcntl(int descriptor, int command, int argument);

    static native int posix_spawn(
            int[] pid, String path, Pointer actions, Pointer attributes, Pointer arguments, Pointer environment);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_addopen(
            Pointer actions, int descriptor, String path, int flags, int mode);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_addclose(Pointer actions, int descriptor);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setpgroup(Pointer attributes, int group);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    static native int sigfillset(Pointer signals);

    static native int sigemptyset(Pointer signals);

    static native long signal(int number, long handler);

    static native int waitid(int idType, int id, Pointer info, int options);

    static native int waitpid(int pid, int[] status, int options);

    static native int kill(int pid, int signal);

    static native int poll(Pointer descriptors, long count, int timeout);

    static native long syscall(long number, long first, long second, long third, long fourth);

    static native int geteuid();

    static native int getegid();

    static native Pointer getpwnam(String name);

    static native Pointer getpwuid(int id);

    static native Pointer getgrnam(String name);

    static native String strerror(int error);
}
