package dewy.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.control.AppStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that show and steer the replicas of apps. */
class ContainersCommandTest {
    private final AppStatus shop = Samples.inContainers("shop");
    private final FixedAgent one = FixedAgent.of(shop);
    private final FixedAgent two = FixedAgent.of(Samples.app("web"), shop);

    @Test
    void listsThoseOfAllAppsWithWhatIsInFlightToEach() throws Exception {
        Reply reply = run(two, new ContainersCommand());
        assertThat(reply.text())
                .isEqualTo(
                        """
                APP   NAME  ID            VERSION  STATUS   HEALTH   UPSTREAM         IN FLIGHT  RESTARTS  STARTED  IMAGE
                shop  1-1   0123456789ab  v1.2.3   running  healthy  127.0.0.1:32768  2          0         1m ago   example/shop@sha256:01
                shop  2-1                 v1.2.2   exited   -        -                0          1         -        example/shop@sha256:02
                """);
        assertThat(reply.script())
                .contains("\"state\" : \"running\"", "\"8080\" : \"127.0.0.1:32768\"", "\"in_flight\" : 2")
                .contains("\"started\" : \"" + Samples.NOW.minusSeconds(60) + "\"");
    }

    @Test
    void saysThatThereAreNone() throws Exception {
        FixedAgent servers = FixedAgent.of(Samples.app("web"), Samples.inContainers("none"));
        assertThat(run(servers, new ContainersCommand()).text()).isEqualTo("There are no containers.\n");
    }

    @Test
    void showsToHowManyAnAppWasScaled() throws Exception {
        assertThat(run(one, new StatusCommand(() -> Samples.NOW)).text()).contains("\nScaled      to 3\n");
    }

    @Test
    void scalesTheAppThatIsNamedOrTheOnlyOne() throws Exception {
        assertThat(run(two, new ScaleCommand(), "shop", "3").text()).contains("shop scaled to Optional[3] for alice");
        assertThat(run(one, new ScaleCommand(), "3").text()).contains("shop scaled to Optional[3] for alice");
        assertThat(run(one, new ScaleCommand(), "--reset").text()).contains("shop scaled to Optional.empty for alice");
        assertThat(run(two, new ScaleCommand(), "shop", "--reset").text())
                .contains("shop scaled to Optional.empty for alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "shop 3 --reset", "shop many", "shop -1", "shop 0", "3", "other 3"})
    void saysHowItIsToBeAskedToScale(String line) {
        assertThatThrownBy(() -> run(two, new ScaleCommand(), line.split(" ", -1)))
                .isInstanceOf(UsageException.class);
    }

    private static Reply run(FixedAgent agent, Command command, String... words) throws Exception {
        return command.run(agent, Arguments.parse(command, List.of(words)), Samples.SCRIPT);
    }
}
