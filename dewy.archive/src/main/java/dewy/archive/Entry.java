package dewy.archive;

import java.nio.file.attribute.FileTime;

/**
 * One thing that an archive lists, as the archive has it: nothing of it is checked.
 *
 * @param name its path
 * @param mode its permission bits, with setuid, setgid and sticky; without a meaning for links
 * @param target what a link points to; empty for others
 */
record Entry(String name, Kind kind, int mode, FileTime modified, String target) {
    enum Kind {
        FILE("a file"),
        DIRECTORY("a directory"),
        SYMBOLIC_LINK("a symbolic link"),
        HARD_LINK("a hard link");

        private final String shown;

        Kind(String shown) {
            this.shown = shown;
        }

        @Override
        public String toString() {
            return shown;
        }
    }
}
