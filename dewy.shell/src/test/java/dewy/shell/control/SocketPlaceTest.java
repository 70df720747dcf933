package dewy.shell.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketPlaceTest {
    private Path preferred;
    private Path second;
    private Path home;

    @BeforeEach
    void create(@TempDir Path temporary) throws IOException {
        preferred = Files.createDirectory(temporary.resolve("preferred"));
        second = Files.createDirectory(temporary.resolve("second"));
        home = Files.createDirectory(temporary.resolve("home"));
    }

    @Test
    void isAFolderOfItsOwnInTheFirstRuntimeFolderThereIs() throws IOException {
        SocketPlace place = SocketPlace.of(home, List.of(preferred.resolve("missing"), preferred, second));
        assertThat(place.socket().getParent()).isEqualTo(preferred.resolve("dewy"));
        assertThat(permissions(preferred.resolve("dewy"))).isEqualTo("rwx------");
        assertThat(second).isEmptyDirectory();
    }

    @Test
    void isTheSameForAHomeAndAnotherForAnother() throws IOException {
        List<Path> folders = List.of(preferred);
        Path socket = SocketPlace.of(home, folders).socket();
        assertThat(SocketPlace.of(home, folders).socket()).isEqualTo(socket);
        assertThat(SocketPlace.of(home.resolve("other"), folders).socket()).isNotEqualTo(socket);
    }

    @Test
    void isShortHoweverLongTheHome() throws IOException {
        Path deep = home.resolve("d".repeat(200)).resolve("e".repeat(200));
        assertThat(SocketPlace.of(deep, List.of(preferred))
                        .socket()
                        .getFileName()
                        .toString())
                .hasSize(16);
    }

    @Test
    void avoidsAFolderThatOthersMayEnter() throws IOException {
        Path open = Files.createDirectory(preferred.resolve("dewy"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx--x---"));
        assertIsSecond();
    }

    @Test
    void avoidsALinkToAFolder() throws IOException {
        Path target = Files.createDirectory(preferred.resolve("target"));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(preferred.resolve("dewy"), target);
        assertIsSecond();
    }

    @Test
    void avoidsAFile() throws IOException {
        Path file = Files.createFile(preferred.resolve("dewy"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        assertIsSecond();
    }

    @Test
    void isAnOwnersOnlyTemporaryFolderWhereThereIsNoOtherAndIsRemovedWithIt() throws IOException {
        SocketPlace place = SocketPlace.of(home, List.of());
        Path folder = place.socket().resolveSibling("");
        assertThat(permissions(folder)).isEqualTo("rwx------");
        Files.createFile(place.socket());
        place.withdraw();
        assertThat(folder).doesNotExist();
    }

    @Test
    void keepsTheFolderThatSeveralAgentsShare() throws IOException {
        SocketPlace place = SocketPlace.of(home, List.of(preferred));
        place.publish();
        place.withdraw();
        assertThat(preferred.resolve("dewy")).isEmptyDirectory();
        assertThat(home).isEmptyDirectory();
    }

    private void assertIsSecond() throws IOException {
        assertThat(SocketPlace.of(home, List.of(preferred, second)).socket().getParent())
                .isEqualTo(second.resolve("dewy"));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
