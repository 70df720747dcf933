package dewy.archive;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.archive.disk.CarriedException;
import dewy.archive.disk.Disk;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Proves that no symbolic link in a folder leads out of it, not even in passing: each is followed by hand, name by name
 * and through other links, as the kernel would. What is missing on the way is taken for a directory to come.
 */
final class LinkCheck {
    /** As many links on one way as Linux follows. */
    private static final int MAX_LINKS = 40;

    private final Path root;

    LinkCheck(Path root) {
        this.root = root;
    }

    void check(Call call) throws IOException, DewyException {
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isSymbolicLink()) {
                        follow(call, file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (RefusedException | CarriedException known) {
            throw known;
        } catch (IOException refused) {
            throw Disk.failure("check the links of", root, refused);
        }
    }

    private void follow(Call call, Path link) throws IOException {
        Path relative = root.relativize(link);
        List<String> place = new ArrayList<>();
        Deque<String> way = new ArrayDeque<>();
        prepend(relative.toString(), way);
        int links = 0;
        while (!way.isEmpty()) {
            String name = way.pop();
            if (name.equals("..")) {
                if (place.isEmpty()) {
                    throw refused(relative, link, "leads out of the release");
                }
                place.remove(place.size() - 1);
            } else if (!name.isEmpty() && !name.equals(".")) {
                place.add(name);
                Path here = root.resolve(String.join("/", place));
                if (Files.isSymbolicLink(here)) {
                    if (++links > MAX_LINKS) {
                        throw refused(relative, link, "leads through more than " + MAX_LINKS + " links");
                    }
                    CarriedException.check(call);
                    place.remove(place.size() - 1);
                    prepend(Files.readSymbolicLink(here).toString(), way);
                }
            }
        }
    }

    private static void prepend(String path, Deque<String> way) {
        List<String> names = Arrays.asList(path.split("/"));
        for (int last = names.size() - 1; last >= 0; last--) {
            way.push(names.get(last));
        }
    }

    private static RefusedException refused(Path relative, Path link, String does) throws IOException {
        String target = RefusedException.quoted(Files.readSymbolicLink(link).toString());
        return RefusedException.entry(relative.toString(), "is a symbolic link to " + target + " that " + does);
    }
}
