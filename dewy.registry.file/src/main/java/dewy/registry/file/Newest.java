package dewy.registry.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The version folders of a registry at which somebody was last. What happens in a registry happens there, so that they are
 * watched and looked at all the time, however many there are besides.
 */
final class Newest {
    static final int MOST = 32;

    private record Dated(Path folder, FileTime changed) {}

    private Newest() {}

    /** Returns those of the folders, the latest at the end; what is none, or cannot be looked at, is left out. */
    static List<Path> of(Collection<Path> folders) {
        List<Dated> dated = new ArrayList<>();
        for (Path folder : folders) {
            try {
                if (Files.isDirectory(folder)) {
                    // Not the time of its content: that can be set, as rsync does with what it has copied.
                    dated.add(new Dated(folder, (FileTime) Files.getAttribute(folder, "unix:ctime")));
                }
            } catch (IOException e) {
                // A look at the whole registry tells what is wrong with it.
            }
        }
        dated.sort(Comparator.comparing(Dated::changed).thenComparing(Dated::folder));
        return dated.subList(Math.max(0, dated.size() - MOST), dated.size()).stream()
                .map(Dated::folder)
                .toList();
    }
}
