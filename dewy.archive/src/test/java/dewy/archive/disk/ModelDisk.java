package dewy.archive.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/**
 * A disk as POSIX describes it, of which anything may be lost in a power cut that was not forced: content of a file is safe
 * once the file was, a name once its directory was. Times and modes are not part of it. For one thread.
 */
@NullUnmarked
public final class ModelDisk {
    /** What is left of it. */
    public enum View {
        /** Everything: only the process ended. */
        KILLED,
        /** All names, as on a file system with a journal, and the content that was forced. */
        NAMED,
        /** As {@link #NAMED}, with half of the content that was added since. */
        TORN,
        /** Only what was forced. */
        FORCED
    }

    private interface Node {}

    private static final class Directory implements Node {
        private final Map<String, Node> names = new TreeMap<>();
        private final Map<String, Node> forced = new TreeMap<>();
    }

    private static final class Content implements Node {
        private byte[] bytes = new byte[0];
        private byte[] forced = new byte[0];

        byte[] in(View view) {
            if (view == View.KILLED) {
                return bytes;
            }
            boolean grew = bytes.length > forced.length;
            return view == View.TORN && grew ? Arrays.copyOf(bytes, (forced.length + bytes.length) / 2) : forced;
        }
    }

    private record Link(String target) implements Node {}

    private final Path root;
    private final Directory top = new Directory();
    private final Map<Object, Node> open = new HashMap<>();

    /** @param root the empty directory that it models; what is done elsewhere is no part of it */
    public ModelDisk(Path root) {
        this.root = root;
    }

    void open(Object channel, Path path, boolean creates, boolean empties) {
        if (!path.startsWith(root)) {
            return;
        }
        if (creates) {
            parent(path).names.put(name(path), new Content());
        }
        Node node = node(path);
        if (empties && node instanceof Content content) {
            content.bytes = new byte[0];
        }
        open.put(channel, node);
    }

    void write(Object channel, long at, byte[] bytes) {
        if (open.get(channel) instanceof Content content) {
            int end = (int) at + bytes.length;
            content.bytes = Arrays.copyOf(content.bytes, Math.max(end, content.bytes.length));
            System.arraycopy(bytes, 0, content.bytes, (int) at, bytes.length);
        }
    }

    void truncate(Object channel, long size) {
        if (open.get(channel) instanceof Content content) {
            content.bytes = Arrays.copyOf(content.bytes, (int) Math.min(size, content.bytes.length));
        }
    }

    void force(Object channel) {
        Node node = open.get(channel);
        if (node instanceof Content content) {
            content.forced = content.bytes;
        } else if (node instanceof Directory directory) {
            directory.forced.clear();
            directory.forced.putAll(directory.names);
        }
    }

    void makeDirectory(Path path) {
        parent(path).names.put(name(path), new Directory());
    }

    void link(Path path, String target) {
        parent(path).names.put(name(path), new Link(target));
    }

    void delete(Path path) {
        parent(path).names.remove(name(path));
    }

    void rename(Path from, Path to) {
        parent(to).names.put(name(to), parent(from).names.remove(name(from)));
    }

    /** Writes what is left of it into the root, which is empty. */
    public void write(View view) throws IOException {
        write(top, root, view);
    }

    /** Returns what tells this state from others. */
    public String describe(View view) {
        StringBuilder text = new StringBuilder();
        describe(top, view, text);
        return text.toString();
    }

    private static void write(Directory directory, Path place, View view) throws IOException {
        Files.createDirectories(place);
        for (Map.Entry<String, Node> child : names(directory, view).entrySet()) {
            Path path = place.resolve(child.getKey());
            if (child.getValue() instanceof Directory folder) {
                write(folder, path, view);
            } else if (child.getValue() instanceof Content content) {
                Files.write(path, content.in(view));
            } else if (child.getValue() instanceof Link link) {
                Files.createSymbolicLink(path, Path.of(link.target()));
            }
        }
    }

    private static void describe(Directory directory, View view, StringBuilder text) {
        names(directory, view).forEach((name, node) -> {
            text.append(name);
            if (node instanceof Directory folder) {
                text.append("/{");
                describe(folder, view, text);
                text.append('}');
            } else if (node instanceof Content content) {
                byte[] bytes = content.in(view);
                text.append(' ').append(bytes.length).append(' ').append(Arrays.hashCode(bytes));
            } else {
                text.append(node);
            }
            text.append('\n');
        });
    }

    private static Map<String, Node> names(Directory directory, View view) {
        return view == View.FORCED ? directory.forced : directory.names;
    }

    private Directory parent(Path path) {
        return (Directory) node(path.getParent());
    }

    private Node node(Path path) {
        Node node = top;
        if (!path.equals(root)) {
            for (Path name : root.relativize(path)) {
                node = node instanceof Directory directory ? directory.names.get(name.toString()) : null;
            }
        }
        return node;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
