package dewy.archive;

import dewy.api.DewyException;
import dewy.archive.disk.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/**
 * What is kept of a file or directory beside its content. The owner always keeps the right to read, because the agent
 * must be able to look at what it installed.
 */
record Attributes(Set<PosixFilePermission> permissions, FileTime modified) {
    private static final int SPECIAL = 07000;

    Attributes {
        permissions = Set.copyOf(permissions);
    }

    static Attributes of(Entry entry) throws RefusedException {
        if (entry.mode() < 0) {
            throw RefusedException.entry(entry.name(), "has a mode that cannot be read");
        }
        if ((entry.mode() & SPECIAL) != 0) {
            throw RefusedException.entry(
                    entry.name(),
                    String.format(Locale.ROOT, "is setuid, setgid or sticky (mode %o)", entry.mode() & 07777),
                    "Take these bits away before you pack it.");
        }
        int needed = entry.kind() == Entry.Kind.DIRECTORY ? 0500 : 0400;
        return new Attributes(permissions(entry.mode() | needed), entry.modified());
    }

    static Attributes of(PosixFileAttributes present) {
        return new Attributes(present.permissions(), present.lastModifiedTime());
    }

    void applyTo(Path path) throws DewyException {
        Disk.attempt("set mode and time of", path, () -> {
            PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            // To set one time alone, Java would first look up the other.
            view.setTimes(modified, modified, null);
            view.setPermissions(permissions);
            return path;
        });
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder letters = new StringBuilder("rwxrwxrwx");
        for (int place = 0; place < letters.length(); place++) {
            if ((mode & 0400 >> place) == 0) {
                letters.setCharAt(place, '-');
            }
        }
        return PosixFilePermissions.fromString(letters.toString());
    }
}
