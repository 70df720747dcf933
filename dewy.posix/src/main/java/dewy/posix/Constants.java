package dewy.posix;

/** Numbers of the Linux system interface, the same on x86-64 and aarch64. */
final class Constants {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOCK_STREAM = 1;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_REUSEPORT = 15;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_V6ONLY = 26;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_APPEND = 0x400;
    static final short SPAWN_SETPGROUP = 2;
    static final short SPAWN_SETSIGDEF = 4;
    static final short SPAWN_SETSIGMASK = 8;
    static final int SIGCHLD = 17;
    static final int P_PID = 1;
    static final int P_PIDFD = 3;
    static final int WEXITED = 4;
    static final int WNOWAIT = 0x1000000;
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int ENOEXEC = 8;
    static final int EACCES = 13;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int EAFNOSUPPORT = 97;
    static final long SYS_PIDFD_OPEN = 434;

    private Constants() {}
}
