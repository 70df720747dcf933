package dewy.posix;

import dewy.api.process.Signal;

/**
 * Numbers of the system interface: those of Linux, the same on x86-64 and aarch64, and those of macOS where they differ.
 * Error numbers are in {@link Errno}.
 */
final class Constants {
    static final boolean MACOS = System.getProperty("os.name", "").startsWith("Mac");

    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = MACOS ? 30 : 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    /** macOS has neither flag. There, spawned children get no descriptor that is not passed on, marked or not. */
    static final int SOCK_CLOEXEC = MACOS ? 0 : 0x80000;

    static final int SOCK_NONBLOCK = MACOS ? 0 : 0x800;
    static final int SOL_SOCKET = MACOS ? 0xffff : 1;
    static final int SO_REUSEADDR = MACOS ? 4 : 2;
    static final int SO_REUSEPORT = MACOS ? 0x200 : 15;
    static final int SO_SNDTIMEO = MACOS ? 0x1005 : 21;
    /** Linux only. */
    static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    /** Linux only. */
    static final int SO_DETACH_REUSEPORT_BPF = 68;

    static final int SCM_RIGHTS = 1;
    static final int SHUT_RDWR = 2;
    static final int MSG_TRUNC = MACOS ? 0x10 : 0x20;
    static final int MSG_DONTWAIT = MACOS ? 0x80 : 0x40;
    static final int MSG_NOSIGNAL = MACOS ? 0x80000 : 0x4000;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = MACOS ? 27 : 26;
    /** The longest path of a unix socket, without the zero byte at its end. */
    static final int LONGEST_SOCKET_PATH = MACOS ? 103 : 107;

    /** Linux only: on macOS {@code fcntl} cannot be called without knowing of its variable arguments. */
    static final int F_DUPFD_CLOEXEC = 1030;

    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int O_NONBLOCK = MACOS ? 4 : 2048;

    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = MACOS ? 0x200 : 0x40;
    static final int O_APPEND = MACOS ? 8 : 0x400;

    /** Linux only. */
    static final int O_CLOEXEC = 0x80000;

    static final int POSIX_SPAWN_SETPGROUP = 2;
    static final int POSIX_SPAWN_SETSIGDEF = 4;
    static final int POSIX_SPAWN_SETSIGMASK = 8;
    /** macOS only: the child gets the descriptors that its file actions name, and no other. */
    static final int POSIX_SPAWN_CLOEXEC_DEFAULT = 0x4000;

    static final int P_PID = 1;
    static final int WNOHANG = 1;
    static final int WEXITED = 4;
    static final int WNOWAIT = MACOS ? 0x20 : 0x1000000;
    static final int POLLIN = 1;
    /** These are of Linux only. */
    static final long SYS_PIDFD_SEND_SIGNAL = 424;

    static final long SYS_PIDFD_OPEN = 434;
    static final long SYS_PIDFD_GETFD = 438;
    static final int PIDFD_SIGNAL_PROCESS_GROUP = 4;

    static final int SIGCHLD = MACOS ? 20 : 17;
    /** Linux only. */
    static final int SIGSTKFLT = 16;

    /** Where {@code pw_uid}, {@code pw_gid}, {@code pw_dir} and {@code gr_gid} are in their structures. */
    static final int PASSWD_UID = 16;

    static final int PASSWD_GID = 20;
    static final int PASSWD_HOME = MACOS ? 48 : 32;
    static final int GROUP_GID = 16;

    private Constants() {}

    static int number(Signal signal) {
        return switch (signal) {
            case HUP -> 1;
            case INT -> 2;
            case QUIT -> 3;
            case KILL -> 9;
            case USR1 -> MACOS ? 30 : 10;
            case USR2 -> MACOS ? 31 : 12;
            case TERM -> 15;
        };
    }
}
