package dewy.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.archive.disk.TreeDeletion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read-only directories are deleted in {@link HostConditionsTest}. */
class TreeDeletionTest {
    @Test
    void deletesLinksAndNotWhatTheyLeadTo(@TempDir Path temporary) throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("file"), "outside");
        Path tree = temporary.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.createSymbolicLink(tree.resolve("a/link"), outside);
        Files.createSymbolicLink(tree.resolve("a/b/dangling"), Path.of("nowhere"));
        Files.createLink(tree.resolve("a/b/hard"), outside.resolve("file"));

        TreeDeletion.delete(tree);

        assertThat(tree).doesNotExist();
        assertThat(outside.resolve("file")).hasContent("outside");
    }

    @Test
    void deletesALinkInThePlaceOfTheTree(@TempDir Path temporary) throws Exception {
        Path outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("file"), "outside");
        Path link = Files.createSymbolicLink(temporary.resolve("tree"), outside);

        TreeDeletion.delete(link);

        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(outside.resolve("file")).hasContent("outside");
    }

    @Test
    void doesNothingWhereNothingIs(@TempDir Path temporary) throws Exception {
        TreeDeletion.delete(temporary.resolve("missing"));

        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void deletesTheDeepestTreeThatIsUnpacked(@TempDir Path temporary) throws Exception {
        Path tree = temporary.resolve("tree");
        Files.createDirectories(tree.resolve("d/".repeat(EntryPath.MAX_DEPTH)));

        TreeDeletion.delete(tree);

        assertThat(temporary).isEmptyDirectory();
    }
}
