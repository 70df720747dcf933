package dewy.archive;

import java.util.Set;

/**
 * The mode of a zip entry, type included, whichever system's attributes it has: those of Unix, or the read-only bit of
 * DOS.
 */
record ZipMode(int bits) {
    private static final int TYPE = 0170000;
    private static final int LINK = 0120000;
    private static final int FILE = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int PIPE = 0010000;
    private static final int PERMISSIONS = 07777;
    private static final int OWNER = 0700;

    private static final int DOS = 0;
    /** Unix, and what keeps its attributes as Unix does: VMS, Atari, Acorn, BeOS, Tandem, macOS, AtheOS. */
    private static final Set<Integer> UNIX = Set.of(3, 2, 5, 12, 13, 16, 17, 19, 30);

    private static final int READ_ONLY = 1;
    private static final int SUBDIRECTORY = 1 << 4;

    private static final int ASI_UNIX = 0x756e;
    private static final int ASI_MODE = 4;

    /** What a file gets that is not read-only, and what a directory gets. */
    private static final int USUAL = 0644;

    private static final int EXECUTABLE = 0111;
    private static final int WRITABLE = 0222;

    /** @param directory whether the entry's name says that it is one */
    static ZipMode of(ZipRecord entry, boolean directory) {
        int unix = entry.attributes() >>> 16;
        int dos = dos(entry.attributes(), directory);
        if (UNIX.contains(entry.host())) {
            int mode = unix != 0 ? unix : inExtraField(entry);
            return new ZipMode(mode != 0 ? mode : dos(0, directory));
        }
        // Some packers for Unix say that they are DOS, which counts where both agree about the owner.
        boolean agreed = entry.host() == DOS && unix != 0 && (unix & OWNER) == (dos & OWNER);
        return new ZipMode(agreed ? unix : dos);
    }

    boolean isLink() {
        return (bits & TYPE) == LINK;
    }

    /** A name that was read from a pipe is marked as one. */
    boolean isDevice() {
        int type = bits & TYPE;
        return type != 0 && type != FILE && type != DIRECTORY && type != PIPE && type != LINK;
    }

    int permissions() {
        return bits & PERMISSIONS;
    }

    private static int dos(int attributes, boolean directory) {
        boolean entered = directory || (attributes & SUBDIRECTORY) != 0;
        int mode = entered ? USUAL | EXECUTABLE : USUAL;
        return (attributes & READ_ONLY) != 0 ? mode & ~WRITABLE : mode;
    }

    private static int inExtraField(ZipRecord entry) {
        for (ZipExtra extra : entry.extras()) {
            if (extra.id() == ASI_UNIX && extra.data().limit() >= ASI_MODE + Short.BYTES) {
                return extra.data().getShort(ASI_MODE) & 0xffff;
            }
        }
        return 0;
    }
}
