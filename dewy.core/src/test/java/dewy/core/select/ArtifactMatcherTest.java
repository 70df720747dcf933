package dewy.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Artifact;
import dewy.api.release.Platform;
import dewy.core.select.ArtifactMatcher.Match;
import dewy.core.select.Host.Libc;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactMatcherTest {
    @ParameterizedTest
    @CsvSource({
        "linux, amd64, app_linux_amd64.tar.gz app_linux_arm64.tar.gz app_darwin_amd64.tar.gz, app_linux_amd64.tar.gz",
        "linux, amd64, app-Linux-x86_64.tar.gz app-Linux-aarch64.tar.gz, app-Linux-x86_64.tar.gz",
        "linux, amd64, app-x86-64-linux.zip app-win-x64.zip, app-x86-64-linux.zip",
        "linux, arm64, app_linux_arm.tar.gz app_linux_armv7.tar.gz app_linux_aarch64.tar.gz, app_linux_aarch64.tar.gz",
        "linux, arm64, app_linux_arm.tar.gz app_linux_armv7.tar.gz, ''",
        "linux, armv7, app_linux_arm64.tar.gz app_linux_armv6.tar.gz app_linux_armv7.tar.gz, app_linux_armv7.tar.gz",
        "linux, armv7, app_linux_arm64.tar.gz app_linux_armv6.tar.gz, app_linux_armv6.tar.gz",
        "darwin, arm64, app-macos-arm64.zip app-windows-arm64.zip app-linux-arm64.zip, app-macos-arm64.zip",
        "windows, amd64, app-darwin-x64.zip app-win64.zip, app-win64.zip",
        "linux, amd64, app-darwin-x64.zip app-1.0.0.tar.gz, app-1.0.0.tar.gz",
        "linux, amd64, app.tar.gz app-linux.tar.gz app-linux-amd64.zip, app-linux-amd64.zip",
        "linux, amd64, app_linux_amd64.deb app_linux_amd64 app_linux_amd64.tar.gz.asc, ''",
        "linux, amd64, app_linux_amd64.zip app_linux_amd64.tar.gz, app_linux_amd64.tar.gz",
        "linux, 386, app_linux_amd64.tgz app_linux_i386.tgz, app_linux_i386.tgz",
        "linux, amd64, app-freebsd-amd64.tgz, ''",
    })
    void choosesWhatSuitsThePlatform(String os, String arch, String names, String expected) {
        assertThat(chosen(os, arch, Libc.GNU, names)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "arm64, t-aarch64-linux-android.tgz t-aarch64-unknown-linux-musl.tgz, t-aarch64-unknown-linux-musl.tgz",
        "arm64, t-linux-s390_64.zip t-linux-aarch_64.zip t-linux-ppcle_64.zip t-linux-x86_32.zip, t-linux-aarch_64.zip",
        "amd64, t-linux-s390_64.zip t-linux-x86_64.zip t-linux-x86_32.zip, t-linux-x86_64.zip",
        "arm64, Tool.Windows64.zip Tool.Linux64.zip, ''",
        "amd64, Tool.Windows64.zip Tool.Linux64.zip Tool.Linux32.zip, Tool.Linux64.zip",
        "amd64, t-linuxmusl64.zip t-macos64.zip, t-linuxmusl64.zip",
        "arm64, t-linuxmusl64.zip t-macos64.zip, ''",
        "arm64, t_linux_intel_64.tgz t_linux_arm_64.tgz, t_linux_arm_64.tgz",
        "amd64, t_linux_intel_64.tgz t_linux_arm_64.tgz, t_linux_intel_64.tgz",
        "amd64, t-linux-ia32.zip, ''",
        "amd64, t-1.2.3-linux-32bit.zip t-1.2.3-linux-64bit.zip, t-1.2.3-linux-64bit.zip",
        "amd64, t-linux-32-bit.zip t-linux-64-bit.zip, t-linux-64-bit.zip",
        "amd64, gitea-src-1.2.3.tar.gz gitea-1.2.3-linux-amd64 gitea-1.2.3-linux-amd64.xz, ''",
        "amd64, gitea-1.2.3.tar.gz gitea-1.2.3-linux-amd64, ''",
        "amd64, t-src.tar.gz, ''",
        "amd64, src-cli_linux_amd64.tgz src-cli_darwin_amd64.tgz, src-cli_linux_amd64.tgz",
    })
    void takesNothingThatIsForAnotherMachineNorSourceCode(String arch, String names, String expected) {
        assertThat(chosen("linux", arch, Libc.GNU, names)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "GNU, t-linux-x64-musl.tgz t-linux-x64.tgz t-linux-x64-gnu.tgz, t-linux-x64-gnu.tgz",
        "GNU, t-linux-x64-musl.tgz t-linux-x64.tgz, t-linux-x64.tgz",
        "GNU, t-linux-x64-musl.tgz, t-linux-x64-musl.tgz",
        "GNU, t-linux-x64-uclibc.tgz, ''",
        "GNU, t-ubuntu-x64.tgz t-linux-x64.tgz, t-linux-x64.tgz",
        "MUSL, t-linux-x64-musl.tgz t-linux-x64.tgz t-linux-x64-gnu.tgz, t-linux-x64-musl.tgz",
        "MUSL, t-linux-x64-static.tgz t-linux-x64.tgz, t-linux-x64-static.tgz",
        "MUSL, t-linux-x64.tgz t-linux-x64-gnu.tgz, t-linux-x64.tgz",
        "MUSL, t-linux-x64-gnu.tgz, ''",
        "MUSL, t-ubuntu-x64.tgz t-alpine-x64.tgz, t-alpine-x64.tgz",
    })
    void goesByTheLibcOfTheHost(Libc libc, String names, String expected) {
        assertThat(chosen("linux", "amd64", libc, names)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client-linux-amd64.tgz server-linux-amd64.tgz",
                "t-linux-amd64.tgz t-full-linux-amd64.tgz",
                "t-ubuntu-20.04-amd64.tgz t-ubuntu-22.04-amd64.tgz",
                "t-linux-amd64-glibc2.17.tgz t-linux-amd64-glibc2.31.tgz",
                "client.tgz server.tgz",
            })
    void refusesToGuessBetweenNamesThatDifferInOtherWords(String names) {
        assertThat(matcher("linux", "amd64", Libc.GNU).match(artifacts(names)))
                .isEqualTo(new Match.Several(artifacts(names)));
    }

    @ParameterizedTest
    @CsvSource({
        // A word that all have is the product's, whatever else it means.
        "linux-tool-darwin-amd64.tgz linux-tool-linux-amd64.tgz, linux-tool-linux-amd64.tgz",
        "windows-exporter_linux_amd64.tgz windows-exporter_windows_amd64.zip, windows-exporter_linux_amd64.tgz",
        "docs-linux.tgz docs-windows.zip, docs-linux.tgz",
        "site-docs.tgz, site-docs.tgz",
        // Of several systems in one name nobody knows which it is for; a kind of file is none beside one.
        "x86_64-linux-musl-x86_64-darwin.tgz x86_64-linux-musl-aarch64-darwin.tgz, ''",
        "t-linux-windows.zip, ''",
        "t-exe-linux-x86_64.zip, t-exe-linux-x86_64.zip",
        "t-exe.zip, ''",
        // What accompanies a program is not the program.
        "t-linux-amd64-debug.tgz t-linux-amd64.tgz, t-linux-amd64.tgz",
        "t-docs.tgz t-linux-arm64.tgz, ''",
        "t_linux_amd64.sbom.tar.gz t_linux_amd64.tar.gz, t_linux_amd64.tar.gz",
        // Packages that end like archives are packages.
        "t-1-x86_64.pkg.tar.zst t-linux-x86_64.tar.zst, t-linux-x86_64.tar.zst",
        // What names the platform goes before what is for all, and that before nothing.
        "t-linux-all.tgz t-linux-amd64.tgz t-linux.tgz, t-linux-amd64.tgz",
        "t-linux-all.tgz t-linux.tgz, t-linux-all.tgz",
        "t-linux-amd64-arm64.tgz t-linux-amd64.tgz, t-linux-amd64.tgz",
        // A level above the first runs on some hosts only.
        "t-linux-amd64-v3.tgz t-linux-amd64-v1.tgz, t-linux-amd64-v1.tgz",
        "t-linux-x86_64_v3.tgz, ''",
        // Numbers of versions are no word sizes.
        "t-1.32.0-linux-arm64.tgz t-1.32.0-linux-amd64.tgz, t-1.32.0-linux-amd64.tgz",
        "t-2.64-linux-arm64.tgz, ''",
        "t-0.4.2.386-linux.tgz, ''",
        "t-amd64-6.tgz, t-amd64-6.tgz",
    })
    void weighsWhatNamesSay(String names, String expected) {
        assertThat(chosen("linux", "amd64", Libc.GNU, names)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "amd64, t-linux.tgz, t-linux.tgz",
        "arm64, t-linux.tgz, ''",
        "arm64, t-linux.tgz t-linux-arm64.tgz, t-linux-arm64.tgz",
        "arm64, t-arm64.zip t-linux.zip, t-arm64.zip",
        "arm64, t-1.0.0.tgz t-1.0.0-darwin-amd64.tgz, ''",
        "arm64, t-1.0.0.tgz t-1.0.0.zip, t-1.0.0.tgz",
    })
    void takesProgramsThatTellNoArchitectureForWhatIsCommon(String arch, String names, String expected) {
        assertThat(chosen("linux", arch, Libc.GNU, names)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "x.tar.gz y.tar.gz, y.tar.gz, y.tar.gz",
        "x.tar.gz y-src.tar.gz, y-src.tar.gz, y-src.tar.gz",
        "x.tar.gz y.tar.gz, z.tar.gz, ''"
    })
    void takesTheOneThatIsAskedForByName(String names, String asked, String expected) {
        Host host = new Host(new Platform("linux", "amd64"), () -> Libc.GNU);
        assertThat(name(new ArtifactMatcher(Optional.of(asked), Artifact.Kind.ARCHIVE, host).match(artifacts(names))))
                .isEqualTo(expected);
    }

    private static String chosen(String os, String arch, Libc libc, String names) {
        return name(matcher(os, arch, libc).match(artifacts(names)));
    }

    private static ArtifactMatcher matcher(String os, String arch, Libc libc) {
        return new ArtifactMatcher(
                Optional.empty(), Artifact.Kind.ARCHIVE, new Host(new Platform(os, arch), () -> libc));
    }

    private static String name(Match match) {
        if (match instanceof Match.Several several) {
            return "several: "
                    + several.artifacts().stream().map(Artifact::name).toList();
        }
        return match instanceof Match.Found found ? found.artifact().name() : "";
    }

    private static List<Artifact> artifacts(String names) {
        return Arrays.stream(names.split(" ", -1))
                .map(name -> Artifact.archive(name, name))
                .toList();
    }

    @Test
    void takesArchivesOrImagesByWhatTheAppIsMadeOf() {
        Artifact archive = Artifact.archive("app_linux_amd64.tar.gz", "");
        Artifact image = Artifact.image("ghcr.io/example/app:v1", "");
        assertThat(name(of(Artifact.Kind.ARCHIVE).match(List.of(image, archive))))
                .isEqualTo(archive.name());
        assertThat(name(of(Artifact.Kind.IMAGE).match(List.of(archive, image)))).isEqualTo(image.name());
        assertThat(of(Artifact.Kind.IMAGE).match(List.of(archive))).isInstanceOf(Match.None.class);
        assertThat(name(of(Artifact.Kind.ARCHIVE).match(List.of(image))))
                .as("so that it is told that the app runs no images")
                .isEqualTo(image.name());
    }

    @Test
    void doesNotGuessAmongImages() {
        Artifact web = Artifact.image("localhost:5000/example/web", "");
        Artifact worker = Artifact.image("localhost:5000/example/worker", "");
        Artifact arm = Artifact.image("localhost:5000/example/web-arm64@sha256:" + "0".repeat(64), "");
        assertThat(of(Artifact.Kind.IMAGE).match(List.of(web, worker))).isInstanceOf(Match.Several.class);
        assertThat(name(of(Artifact.Kind.IMAGE).match(List.of(web, arm)))).isEqualTo(web.name());
    }

    private static ArtifactMatcher of(Artifact.Kind kind) {
        return new ArtifactMatcher(Optional.empty(), kind, new Host(new Platform("linux", "amd64"), () -> Libc.GNU));
    }
}
