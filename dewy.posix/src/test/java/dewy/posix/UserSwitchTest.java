package dewy.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import dewy.api.process.ChildProcess;
import dewy.api.process.ExitStatus;
import dewy.api.process.Spawn;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class UserSwitchTest {
    @TempDir
    Path folder;

    private Children children = Children.of(Path.of("/"));

    @BeforeEach
    void open() {
        children = Children.of(folder);
    }

    @AfterEach
    void close() {
        children.close();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "nobody, -, nobody nogroup nobody",
                "65534, -, nobody nogroup nobody",
                "nobody, daemon, nobody daemon nobody",
                "-, daemon, root daemon root",
                "-, 4242, root 4242 root"
            })
    void runsAsTheUserAndGroup(@Nullable String user, @Nullable String group, String expected) throws Exception {
        Requirements.root();
        Requirements.program("setpriv");
        String script = "echo $(id -un) $(id -gn 2>/dev/null) $LOGNAME; test \"$USER\" = \"$LOGNAME\"";
        Spawn spawn = children.shell(script).withUser(Optional.ofNullable(user), Optional.ofNullable(group));
        assertThat(children.run(spawn)).isEqualTo(ExitStatus.exited(0));
        assertThat(children.output().strip()).isEqualTo(expected);
    }

    @Test
    void leavesNothingOfRoot() throws Exception {
        Requirements.linux();
        Requirements.root();
        Requirements.program("setpriv");
        children.run(children.command("grep", "-E", "^(Uid|Gid|Groups|CapEff)", "/proc/self/status")
                .withUser(Optional.of("nobody"), Optional.empty()));
        assertThat(children.output().lines().map(String::strip))
                .containsExactly(
                        "Uid:\t65534\t65534\t65534\t65534",
                        "Gid:\t65534\t65534\t65534\t65534",
                        "Groups:\t65534",
                        "CapEff:\t0000000000000000");
    }

    @Test
    void tellsTheChildItsOwnProcessIdAlsoAsAnotherUser() throws Exception {
        Requirements.root();
        Requirements.program("setpriv");
        Spawn spawn = children.shell("test $LISTEN_PID = $$ && id -un && echo $HOME")
                .withUser(Optional.of("daemon"), Optional.empty())
                .withListenPid();
        ChildProcess child = children.start(spawn);
        assertThat(Await.exit(child)).isEqualTo(ExitStatus.exited(0));
        assertThat(children.output()).isEqualTo("daemon\n/usr/sbin\n");
    }

    @Test
    void needsNoHelpToStayWhoItIs() throws Exception {
        Requirements.root();
        assertThat(UserSwitch.to(Optional.of("root"), Optional.of("root"), Map.of("PATH", "")))
                .isEmpty();
        AsNobody.run(() -> {
            // Its group is still that of root here.
            assertThat(UserSwitch.to(Optional.of("nobody"), Optional.of("0"), Map.of("PATH", "")))
                    .isEmpty();
            assertThat(UserSwitch.to(Optional.of("nobody"), Optional.empty(), Map.of("PATH", "")))
                    .isEmpty();
            return folder;
        });
    }

    @Test
    void refusesToBecomeSomebodyElseWhenItIsNotRoot() throws Exception {
        AsNobody.run(
                () -> assertThatThrownBy(() -> UserSwitch.to(Optional.of("daemon"), Optional.empty(), System.getenv()))
                        .isInstanceOf(InvalidException.class)
                        .hasMessageContaining("daemon")
                        .hasMessageContaining("this agent is not root"));
        AsNobody.run(() -> assertThatThrownBy(
                        () -> UserSwitch.to(Optional.of("nobody"), Optional.of("daemon"), System.getenv()))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("this agent is not root"));
    }

    @Test
    void namesTheProgramThatItNeeds() {
        Requirements.root();
        assertThatThrownBy(
                        () -> UserSwitch.to(Optional.of("nobody"), Optional.empty(), Map.of("PATH", folder.toString())))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("setpriv")
                .hasMessageContaining("util-linux");
    }

    @ParameterizedTest
    @CsvSource({"nobody-at-all", "4000000000", "99999999999", "''"})
    void refusesAUserWhoDoesNotExist(String user) {
        assertThatThrownBy(() -> become(user))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("there is no such user")
                .hasMessageContaining(user);
    }

    @Test
    void refusesAGroupThatDoesNotExist() {
        assertThatThrownBy(() -> children.start(
                        children.shell("true").withUser(Optional.empty(), Optional.of("no-group-at-all"))))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("no-group-at-all");
    }

    private ChildProcess become(String user) throws Exception {
        return children.start(children.shell("true").withUser(Optional.of(user), Optional.empty()));
    }
}
