package dewy.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * The files as a child will find them, which is not always as they are: some symbolic links will lead elsewhere by then.
 *
 * @param links those links, absolute, and where they will lead
 */
record Outlook(Map<Path, Path> links) {
    /** Nothing will be otherwise. */
    static final Outlook PRESENT = new Outlook(Map.of());

    Outlook {
        links = Map.copyOf(links);
    }

    /** Returns where what will be found at a path is now. */
    Path of(Path path) {
        Path plain = withoutDots(path);
        for (Map.Entry<Path, Path> link : links.entrySet()) {
            int length = link.getKey().getNameCount();
            if (plain.startsWith(link.getKey()) && plain.getNameCount() > length) {
                return link.getValue().resolve(plain.subpath(length, plain.getNameCount()));
            }
        }
        return path;
    }

    /** Returns whether a path leads through one of the links by its very name. */
    boolean changes(Path path) {
        return !of(path).equals(path);
    }

    /** Returns whether it can be known already what will be found where {@link #of} says; other links may be on the way. */
    boolean isSettled(Path path) {
        if (links.isEmpty() || links.values().stream().anyMatch(path::startsWith)) {
            return true;
        }
        try {
            Path real = whatIsThere(path).toRealPath();
            for (Path link : links.keySet()) {
                if (Files.exists(link) && real.startsWith(link.toRealPath())) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            // A link that leads nowhere may lead somewhere by then.
            return false;
        }
    }

    /** Returns as much of a path as there is, dangling links included. */
    private static Path whatIsThere(Path path) {
        Path there = path;
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    /** Leaves out what stands for the folder itself, and keeps what goes up: that depends on where a link leads. */
    private static Path withoutDots(Path path) {
        Path plain = path.getRoot();
        for (Path name : path) {
            if (!name.toString().equals(".")) {
                plain = plain == null ? name : plain.resolve(name);
            }
        }
        return plain == null ? path : plain;
    }
}
