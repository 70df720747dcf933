package dewy.archive.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.CancellableCall;
import dewy.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeSyncTest {
    private static final int FEW = TreeSync.MANY - 1;
    private static final int MANY = TreeSync.MANY;

    private final Set<Path> forced = ConcurrentHashMap.newKeySet();
    private final Path temporary;
    private final Path tree;
    private final Path file;

    TreeSyncTest(@TempDir Path temporary) throws IOException {
        this.temporary = temporary;
        tree = Files.createDirectory(temporary.resolve("tree"));
        file = Files.writeString(Files.createDirectory(tree.resolve("folder")).resolve("file"), "file");
    }

    @Test
    void forcesFewFilesAndTheirFoldersOneByOne() throws Exception {
        sync(FEW, fileSystem(true));

        assertThat(forced).containsExactlyInAnyOrder(tree, file.getParent(), file);
    }

    @Test
    void syncsManyFilesWithTheirFileSystem() throws Exception {
        sync(MANY, fileSystem(true));

        assertThat(forced).isEmpty();
    }

    @Test
    void forcesManyFilesOneByOneWhereTheFileSystemCannotBeReliedUpon() throws Exception {
        sync(MANY, fileSystem(false));

        assertThat(forced).containsExactlyInAnyOrder(tree, file.getParent(), file);
    }

    @Test
    void failsWhenTheDiskHasLostSomething() {
        Watch losing = new Watch() {
            @Override
            public void before(Call call, Path path) throws IOException {
                if (call == Call.FORCE && path.equals(file)) {
                    throw new IOException("Input/output error");
                }
            }
        };

        assertThatThrownBy(() -> sync(FEW, fileSystem(true), losing))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Cannot sync " + file)
                .hasMessageContaining("Input/output error");
    }

    private FileSystemSync fileSystem(boolean reliable) throws IOException {
        SystemProgram gnu = Programs.script(temporary, "echo 'sync (GNU coreutils) 9.1'");
        Path memory = Files.writeString(temporary.resolve("meminfo"), "Dirty: 4 kB\n");
        return new FileSystemSync(gnu, memory, unused -> reliable);
    }

    private void sync(int files, FileSystemSync fileSystem) throws Exception {
        sync(files, fileSystem, new Watch() {
            @Override
            public void before(Call call, Path path) {
                if (call == Call.FORCE) {
                    forced.add(path);
                }
            }
        });
    }

    private void sync(int files, FileSystemSync fileSystem, Watch watch) throws Exception {
        new TreeSync(fileSystem)
                .sync(CancellableCall.of("test", Duration.ofMinutes(2)), new WatchedDisk(watch).path(tree), files, 4);
    }
}
