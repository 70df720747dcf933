package dewy.registry.file;

import static dewy.registry.file.TestFolder.NOON;
import static dewy.registry.file.TestFolder.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.Call;
import dewy.api.StorageException;
import dewy.api.registry.Cursor;
import dewy.api.registry.DeploymentReport;
import dewy.api.registry.Poll;
import dewy.api.release.Artifact;
import dewy.api.release.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRegistryPollTest {
    private final Path root;
    private final TestFolder folder;
    private final FileRegistry registry;

    FileRegistryPollTest(@TempDir Path root) {
        this.root = root;
        folder = new TestFolder(root);
        registry = folder.registry();
    }

    @Test
    void reportsEveryVersionWithItsArtifacts() throws Exception {
        folder.put("v1.0.0/app_linux_amd64.tar.gz", "12345");
        folder.put("v1.0.0/app_linux_arm64.tar.gz", "123");
        folder.put("v1.1.0-rc.1/app_linux_amd64.tar.gz", "1");
        folder.put("nightly/app.zip", "");

        assertThat(releases()).extracting(Release::tag).containsExactly("nightly", "v1.0.0", "v1.1.0-rc.1");
        assertThat(release("v1.0.0").artifacts())
                .containsExactly(
                        Artifact.archive("app_linux_amd64.tar.gz", "v1.0.0/app_linux_amd64.tar.gz")
                                .withSize(5),
                        Artifact.archive("app_linux_arm64.tar.gz", "v1.0.0/app_linux_arm64.tar.gz")
                                .withSize(3));
    }

    @Test
    void neverTakesAPartForTheWholeWhileTheFolderIsMovedAway() throws Exception {
        for (int i = 0; i < 30; i++) {
            folder.put("v1." + i + ".0/app.zip", "x");
        }
        Path away = root.resolveSibling(root.getFileName() + "-away");
        for (int last = 1; last <= 30; last++) {
            AtomicInteger steps = new AtomicInteger();
            int moved = last;
            Call moving = stepping(() -> {
                if (steps.incrementAndGet() == moved) {
                    move(root, away);
                }
            });
            assertThatThrownBy(() -> registry.poll(moving, Optional.empty()))
                    .as("moved away at step " + last)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(root + ": it does not exist");
            move(away, root);
        }
        assertThat(releases()).hasSize(30);
    }

    /** Returns a call in which something happens at each of its steps. */
    private static Call stepping(Runnable step) {
        Call call = call();
        return (Call) Proxy.newProxyInstance(
                Call.class.getClassLoader(), new Class<?>[] {Call.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("check")) {
                        step.run();
                    }
                    return method.invoke(call, arguments);
                });
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void reportsAVersionThatHasNothingYet() throws Exception {
        Path version = Files.createDirectory(root.resolve("v2.0.0"));
        TestFolder.touch(version, NOON);

        assertThat(releases()).containsExactly(new Release("v2.0.0", Optional.of(NOON), List.of()));
    }

    @Test
    void remarksOnArchivesThatAreInNoVersionFolder() throws Exception {
        Poll empty = registry.poll(call(), Optional.empty());
        assertThat(empty.remark()).isEmpty();

        folder.put("README", "no archive");
        folder.put(".web.tar.gz.Xa81kq", "an upload");
        assertThat(registry.poll(call(), Optional.of(empty.cursor()))).isEqualTo(Poll.unchanged(empty.cursor()));

        folder.put("web_1.1.0_linux_amd64.tar.gz", "x");
        folder.put("web_1.0.0_linux_amd64.ZIP", "x");
        Poll loose = registry.poll(call(), Optional.of(empty.cursor()));
        assertThat(loose.releases()).hasValue(List.of());
        assertThat(loose.remark())
                .hasValue("archives such as web_1.0.0_linux_amd64.ZIP are in " + root
                        + " itself, where each version needs a folder of its own named after it, such as "
                        + root.resolve("v1.0.0/web_1.0.0_linux_amd64.ZIP"));
        assertThat(registry.poll(call(), Optional.of(loose.cursor()))).isEqualTo(Poll.unchanged(loose.cursor()));
    }

    @Test
    void takesAVersionFolderThatIsNamedLikeAnArchiveForWhatItIs() throws Exception {
        folder.put("v1.0.0.zip/app.zip", "x");

        assertThat(registry.poll(call(), Optional.empty()).remark()).isEmpty();
        assertThat(releases()).extracting(Release::tag).containsExactly("v1.0.0.zip");
    }

    @Test
    void leavesOutWhatIsNoArtifact() throws Exception {
        for (String name : List.of(
                ".app.tar.gz.Xa81kq",
                "app.tar.gz.part",
                "app.tar.gz.tmp",
                "app.tar.gz.sha256",
                "app.tar.gz.SHA512",
                "checksums.txt",
                "app_1.0.0_checksums.txt",
                "SHA256SUMS",
                "sha512sums.txt",
                "app.tar.gz.asc",
                "shipped_to_host-1_server_at_20260101T000000Z.txt")) {
            folder.put("v1.0.0/" + name, "x");
        }
        folder.put("v1.0.0/app.tar.gz", "x");
        folder.put("v1.0.0/folder/app.tar.gz", "x");
        folder.put("README", "not a version");
        folder.put(".staging/app.tar.gz", "x");
        folder.put("lost+found/app.tar.gz", "x");

        assertThat(releases()).extracting(Release::tag).containsExactly("v1.0.0");
        assertThat(release("v1.0.0").artifacts()).extracting(Artifact::name).containsExactly("app.tar.gz");
    }

    @Test
    void followsLinksToFilesAndFolders() throws Exception {
        Path pool = folder.put(".pool/app.tar.gz", "1234");
        Path version = Files.createDirectory(root.resolve("v1.0.0"));
        Files.createSymbolicLink(version.resolve("app.tar.gz"), pool);
        Files.createSymbolicLink(root.resolve("latest"), version);

        assertThat(releases()).extracting(Release::tag).containsExactly("latest", "v1.0.0");
        assertThat(release("v1.0.0").artifacts().get(0).size()).hasValue(4);
    }

    @Test
    void givesAReleaseTheTimeOfItsOldestObject() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "x", NOON.minusSeconds(10));
        folder.put("v1.0.0/app.tar.gz.sha256", "x", NOON.minusSeconds(20));
        folder.put("v1.0.0/shipped_to_a_server_at_20200101T000000Z.txt", "", NOON.minusSeconds(90));

        assertThat(release("v1.0.0").created()).hasValue(NOON.minusSeconds(20));
    }

    @Test
    void anIdlePollSaysThatNothingChanged() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "x");
        Cursor cursor = poll(Optional.empty()).cursor();

        assertThat(poll(Optional.of(cursor))).isEqualTo(Poll.unchanged(cursor));
        assertThat(folder.registry().poll(call(), Optional.of(cursor))).isEqualTo(Poll.unchanged(cursor));
    }

    @Test
    void noticesEveryChangeThatCounts() throws Exception {
        folder.put("v1.0.0/older.tar.gz", "x", NOON.minusSeconds(7_200));
        Path artifact = folder.put("v1.0.0/app.tar.gz", "x");
        Cursor start = poll(Optional.empty()).cursor();

        TestFolder.touch(artifact, NOON);
        Cursor touched = changed(start);
        folder.put("v1.0.0/app.tar.gz", "xy", NOON);
        Cursor grown = changed(touched);
        folder.put("v1.0.0/checksums.txt", "x");
        Cursor checked = changed(grown);
        Files.move(artifact, artifact.resolveSibling("app2.tar.gz"));
        Cursor renamed = changed(checked);
        Files.createDirectory(root.resolve("v1.1.0"));
        Cursor announced = changed(renamed);
        Files.delete(root.resolve("v1.1.0"));

        assertThat(changed(announced)).isEqualTo(renamed);
    }

    @Test
    void anAuditFileOrAnUnfinishedUploadIsNoChange() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "x");
        Cursor cursor = poll(Optional.empty()).cursor();

        registry.report(
                call(),
                new DeploymentReport(
                        TestFolder.deliverable("v1.0.0", "app.tar.gz"), "host-1", "server", NOON, Optional.empty()));
        folder.put("v1.0.0/app2.tar.gz.part", "x");

        assertThat(poll(Optional.of(cursor)).releases()).isEmpty();
    }

    @Test
    void aCursorOfAnotherFolderCountsAsNone(@TempDir Path other) throws Exception {
        folder.put("v1.0.0/app.tar.gz", "x");
        new TestFolder(other).put("v1.0.0/app.tar.gz", "x");
        Cursor cursor =
                new TestFolder(other).registry().poll(call(), Optional.empty()).cursor();

        assertThat(poll(Optional.of(cursor)).releases()).isPresent();
    }

    @Test
    void aMissingFolderIsAFailureThatSaysWhatToDo() {
        FileRegistry missing = new TestFolder(root.resolve("missing")).registry();

        assertThatThrownBy(() -> missing.poll(call(), Optional.empty()))
                .isInstanceOf(StorageException.class)
                .hasMessage("Cannot read the registry " + root.resolve("missing")
                        + ": it does not exist. Create it, or correct the path in the registry's URL");
    }

    @Test
    void aFileInPlaceOfTheFolderIsAFailure() throws Exception {
        FileRegistry file = new TestFolder(folder.put("file", "x")).registry();

        assertThatThrownBy(() -> file.poll(call(), Optional.empty()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("it is a file, not a folder");
    }

    @Test
    void aVersionFolderThatCannotBeReadIsAFailureThatNamesIt() throws Exception {
        folder.put("v1.0.0/app.tar.gz", "x");
        Files.createSymbolicLink(root.resolve("v1.1.0"), root.resolve("gone"));

        assertThatThrownBy(() -> poll(Optional.empty()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(root.resolve("v1.1.0").toString())
                .hasMessageContaining("a link that leads nowhere");
    }

    @Test
    void aVersionFolderInALoopOfLinksIsAFailureThatNamesIt() throws Exception {
        Files.createSymbolicLink(root.resolve("v1.1.0"), root.resolve("v1.1.0"));

        assertThatThrownBy(() -> poll(Optional.empty()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(root.resolve("v1.1.0").toString())
                .hasMessageContaining("remove it");
    }

    @Test
    void anArtifactThatIsABrokenLinkIsListedSoThatOpeningItTellsWhy() throws Exception {
        Path version = Files.createDirectory(root.resolve("v1.0.0"));
        Files.createSymbolicLink(version.resolve("app.tar.gz"), root.resolve("gone"));

        assertThat(release("v1.0.0").artifacts()).containsExactly(Artifact.archive("app.tar.gz", "v1.0.0/app.tar.gz"));
        assertThatThrownBy(() -> registry.describe(
                        call(), release("v1.0.0"), release("v1.0.0").artifacts().get(0)))
                .hasMessageContaining("a link that leads nowhere");
    }

    @Test
    void anIdlePollOfTwoThousandReleasesIsCheap() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            folder.put("v1." + i + ".0/app_linux_amd64.tar.gz", "x");
            folder.put("v1." + i + ".0/checksums.txt", "x");
        }
        Poll first = poll(Optional.empty());
        folder.now = NOON.plusSeconds(10);
        assertThat(poll(Optional.of(first.cursor())).releases()).isEmpty();
        folder.now = NOON.plusSeconds(20);
        AtomicInteger looks = new AtomicInteger();
        Poll idle = registry.poll(stepping(looks::incrementAndGet), Optional.of(first.cursor()));

        assertThat(first.releases().orElseThrow()).hasSize(2_000);
        assertThat(idle.releases()).isEmpty();
        assertThat(looks).hasValueLessThan(10);
    }

    private Poll poll(Optional<Cursor> cursor) throws Exception {
        return registry.poll(call(), cursor);
    }

    private Cursor changed(Cursor since) throws Exception {
        Poll poll = poll(Optional.of(since));
        assertThat(poll.releases()).isPresent();
        assertThat(poll.cursor()).isNotEqualTo(since);
        return poll.cursor();
    }

    private List<Release> releases() throws Exception {
        return poll(Optional.empty()).releases().orElseThrow();
    }

    private Release release(String tag) throws Exception {
        return releases().stream()
                .filter(release -> release.tag().equals(tag))
                .findFirst()
                .orElseThrow();
    }
}
