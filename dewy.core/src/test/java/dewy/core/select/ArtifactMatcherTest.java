package dewy.core.select;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.release.Artifact;
import dewy.api.release.Platform;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        ArtifactMatcher matcher = new ArtifactMatcher(Optional.empty(), new Platform(os, arch));
        assertThat(matcher.match(artifacts(names)).map(Artifact::name).orElse(""))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"x.tar.gz y.tar.gz, y.tar.gz, y.tar.gz", "x.tar.gz y.tar.gz, z.tar.gz, ''"})
    void takesTheOneThatIsAskedForByName(String names, String asked, String expected) {
        ArtifactMatcher matcher = new ArtifactMatcher(Optional.of(asked), new Platform("linux", "amd64"));
        assertThat(matcher.match(artifacts(names)).map(Artifact::name).orElse(""))
                .isEqualTo(expected);
    }

    private static List<Artifact> artifacts(String names) {
        return Arrays.stream(names.split(" ", -1))
                .map(name -> Artifact.archive(name, name))
                .toList();
    }
}
