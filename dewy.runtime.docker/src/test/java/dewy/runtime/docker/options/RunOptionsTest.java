package dewy.runtime.docker.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dewy.api.InvalidException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-d",
                "-i",
                "-t",
                "-it",
                "-p 80:80",
                "--publish=80:80",
                "-P",
                "--label-file labels",
                "--privileged",
                "--pid host",
                "--cap-add SYS_ADMIN",
                "--security-opt x",
                "--device /dev/kvm",
                "--userns host",
                "--cgroupns host",
                "--restart always",
                "--restart=no",
                "--rm",
                "--cidfile x",
                "--pull always"
            })
    void refusesWithTheReason(String options) {
        assertThat(refusal(options.split(" ", -1)).problem().why()).contains(" is not taken: ");
    }

    @Test
    void saysWhyTwoMustNotStartAgainWhatCrashed() {
        assertThat(refusal("--restart", "always").problem().why())
                .isEqualTo(
                        "--restart is not taken: Dewy starts again what crashed, and two that do so get in each other's way");
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        InvalidException refusal = refusal("--no-such", "--memory", "much", "-l", "dewy.app=x", "alpine");
        assertThat(refusal.names()).containsExactly("run");
        assertThat(refusal.mistakes())
                .extracting(InvalidException.Mistake::why)
                .containsExactlyInAnyOrder(
                        "--no-such is not an option of docker run that Dewy understands",
                        "\"alpine\" is no option: the image comes from the registry, and a command is given by --cmd",
                        "-m: \"much\" is not a size such as 64m",
                        "-l: labels that begin with \"dewy.\" are Dewy's own");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--cpus many",
                "--memory 1x",
                "--ulimit nofile=x",
                "--add-host db",
                "--mount type=bind,source=/a",
                "--mount type=no,target=/a",
                "--mount target=/a,no=1",
                "--cap-drop NO_SUCH",
                "--gpus few",
                "--stop-timeout soon",
                "--health-interval often",
                "--log-driver no-such",
                "--network a --network b",
                "-v ./a:/b",
                "--shm-size x",
                "--sysctl =1",
                "--memory"
            })
    void refusesWhatIsMalformed(String options) {
        assertThat(refusal(options.split(" ", -1)).names()).containsExactly("run");
    }

    @Test
    void masksAShortValueOnlyWhereItIsAWord() throws Exception {
        ContainerTemplate template = RunOptions.parse(List.of("-e", "MODE=live", "-e", "TOKEN=0123abcd", "-e", "N=1"));
        assertThat(template.masked("live: delivered mode=live, 1 of 2 livestreams, x0123abcdx, alive live"))
                .isEqualTo("***: delivered mode=***, 1 of 2 livestreams, x***x, alive ***");
    }

    @Test
    void showsNoValueOfAVariable() throws Exception {
        ContainerTemplate template = RunOptions.parse(List.of("-e", "PASSWORD=a secret", "--env=TOKEN=b-secret"));
        assertThat(template.environment()).containsEntry("PASSWORD", "a secret").containsEntry("TOKEN", "b-secret");
        assertThat(template.toString()).contains("PASSWORD").doesNotContain("secret");
        assertThat(template.masked("cannot log in with a secret, nor b-secret"))
                .isEqualTo("cannot log in with ***, nor ***");
        assertThat(refusal("-e", "=a secret").problem().sentence()).doesNotContain("a secret");
        assertThat(refusal("-e", "A=a secret", "--secret=b-secret").problem().sentence())
                .doesNotContain("secret=");
    }

    @Test
    void readsVariablesOfThisProcessAndOfFiles(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("env"), "# a remark\n\nA=1\n  B=2=3\nNO_SUCH_VARIABLE\nPATH\n");
        ContainerTemplate template = RunOptions.parse(
                List.of("--env-file", file.toString(), "-e", "A=overridden", "-e", "NO_SUCH_VARIABLE"));
        assertThat(template.environment())
                .containsOnlyKeys("A", "B", "PATH")
                .containsEntry("B", "2=3")
                .containsEntry("PATH", System.getenv("PATH"));
        assertThat(refusal("--env-file", folder.resolve("none").toString())
                        .problem()
                        .why())
                .contains("cannot be read");
    }

    @Test
    void wantsNamesThatDifferWhereContainersOverlap() throws Exception {
        assertThatThrownBy(() -> RunOptions.parse(List.of("--name", "web")).requireRoomFor(true))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("Write {id} where they differ, as in --name web-{id}");
        RunOptions.parse(List.of("--name", "web")).requireRoomFor(false);
        RunOptions.parse(List.of("--name", "web-{id}")).requireRoomFor(true);
        assertThatThrownBy(() -> RunOptions.parse(List.of("--network", "host")).requireRoomFor(true))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("cannot listen at the same port of this host");
        RunOptions.parse(List.of("--net=host")).requireRoomFor(false);
    }

    @Test
    void isDescribedInTheDocumentation() throws Exception {
        String document = Files.readString(Path.of("../docs/containers.md"));
        assertThat(RunOptions.understood()).allMatch(option -> document.contains("`" + option + "`"));
        assertThat(RunOptions.refused()).allMatch(option -> document.contains("`" + option + "`"));
    }

    private static InvalidException refusal(String... options) {
        return catchThrowableOfType(InvalidException.class, () -> RunOptions.parse(List.of(options)));
    }
}
