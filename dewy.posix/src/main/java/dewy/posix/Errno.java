package dewy.posix;

/** The errors of system calls that are told apart, with their numbers on Linux and macOS. */
enum Errno {
    EPERM(1, 1),
    ENOENT(2, 2),
    ESRCH(3, 3),
    EINTR(4, 4),
    E2BIG(7, 7),
    ENOEXEC(8, 8),
    EAGAIN(11, 35),
    ENOMEM(12, 12),
    EACCES(13, 13),
    EINVAL(22, 22),
    EBADF(9, 9),
    ENFILE(23, 23),
    EMFILE(24, 24),
    EAFNOSUPPORT(97, 47),
    EADDRINUSE(98, 48),
    EADDRNOTAVAIL(99, 49),
    ENOBUFS(105, 55),
    ECONNREFUSED(111, 61),
    OTHER(-1, -1);

    private final int number;

    Errno(int linux, int macos) {
        this.number = Constants.MACOS ? macos : linux;
    }

    int number() {
        return number;
    }

    static Errno of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }
}
