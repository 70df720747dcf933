package dewy.registry.file;

import static dewy.registry.file.TestFolder.NOON;
import static dewy.registry.file.TestFolder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.StorageException;
import dewy.api.registry.Cursor;
import dewy.api.registry.Poll;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with more versions than are looked at with each poll. */
class LargeRegistryTest {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final String OLD = "v1.0.0/app.tar.gz";
    private static final String NEW = "v2.0." + (100 + Newest.MOST) + "/app.tar.gz";

    private final Path root;
    private final TestFolder folder;
    private final FileRegistry registry;

    LargeRegistryTest(@TempDir Path root) throws Exception {
        this.root = root;
        folder = new TestFolder(root);
        registry = folder.registry();
        folder.put(OLD, "x");
        for (int i = 1; i <= Newest.MOST; i++) {
            folder.put("v2.0." + (100 + i) + "/app.tar.gz", "x");
        }
    }

    @Test
    void anOldVersionIsNotLookedAtWithEachPoll() throws Exception {
        Cursor cursor = settled();
        folder.put(OLD, "changed");
        folder.put("v1.0.0/late.tar.gz", "x");
        assertUnchanged(cursor);
        folder.now = folder.now.plus(Looks.WHOLE).minus(INTERVAL).minusMillis(1);
        assertUnchanged(cursor);

        folder.now = folder.now.plusMillis(1);
        Cursor late = changed(cursor);
        assertUnchanged(late);
    }

    @Test
    void aLateArtifactOfANewVersionIsFoundAtOnce() throws Exception {
        Cursor cursor = settled();
        folder.put(NEW, "changed");
        Cursor changed = changed(cursor);
        folder.put("v2.0." + (100 + Newest.MOST) + "/late.tar.gz", "x");

        assertUnchanged(changed(changed));
    }

    @Test
    void aVersionThatComesOrGoesIsFoundAtOnce() throws Exception {
        Cursor cursor = settled();
        folder.put("v0.0.1/app.tar.gz", "x");
        Cursor come = changed(cursor);
        folder.now = folder.now.plus(INTERVAL);
        assertUnchanged(come);
        Files.delete(root.resolve(OLD));
        Files.delete(root.resolve("v1.0.0"));

        changed(come);
    }

    @Test
    void aVersionThatComesInTheInstantOfALookIsFoundByTheNext() throws Exception {
        FileTime time = Files.getLastModifiedTime(root);
        Cursor cursor = registry.poll(call(), Optional.empty()).cursor();
        folder.put("v0.0.1/app.tar.gz", "x");
        Files.setLastModifiedTime(root, time);
        folder.now = folder.now.plusSeconds(1);

        changed(cursor);
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() throws Exception {
        Cursor cursor = settled();
        folder.put(OLD, "changed");
        folder.now = NOON.minusSeconds(3_600);

        changed(cursor);
    }

    @Test
    void whatCannotBeReadFailsEachPollUntilItCan() throws Exception {
        Cursor cursor = settled();
        Path broken = Files.createSymbolicLink(root.resolve("v3.0.0"), root.resolve("gone"));
        for (int i = 0; i < 3; i++) {
            folder.now = folder.now.plus(INTERVAL);
            assertThatThrownBy(() -> registry.poll(call(), Optional.of(cursor)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("a link that leads nowhere");
        }
        Files.delete(broken);

        assertUnchanged(cursor);
    }

    @Test
    void aFolderThatIsGoneFailsThePoll() throws Exception {
        Cursor cursor = settled();
        Path moved = root.resolveSibling(root.getFileName() + "-moved");
        Files.move(root, moved);
        try {
            assertThat(Files.exists(root, LinkOption.NOFOLLOW_LINKS)).isFalse();
            assertThatThrownBy(() -> registry.poll(call(), Optional.of(cursor)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("it does not exist");
        } finally {
            Files.move(moved, root);
        }
    }

    /** Returns the cursor once polls look at no more than they have to. */
    private Cursor settled() throws Exception {
        Cursor cursor = registry.poll(call(), Optional.empty()).cursor();
        folder.now = folder.now.plus(INTERVAL);
        assertUnchanged(cursor);
        folder.now = folder.now.plus(INTERVAL);
        assertUnchanged(cursor);
        return cursor;
    }

    private void assertUnchanged(Cursor cursor) throws Exception {
        assertThat(registry.poll(call(), Optional.of(cursor))).isEqualTo(Poll.unchanged(cursor));
    }

    private Cursor changed(Cursor since) throws Exception {
        Poll poll = registry.poll(call(), Optional.of(since));
        assertThat(poll.releases()).isPresent();
        assertThat(poll.cursor()).isNotEqualTo(since);
        return poll.cursor();
    }
}
