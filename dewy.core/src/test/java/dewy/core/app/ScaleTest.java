package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dewy.api.ApplicationException;
import dewy.api.InvalidException;
import dewy.api.control.CycleOutcome;
import dewy.api.control.Operation;
import dewy.api.control.Order;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An app that a person has run as another number of replicas than its definition says. */
@Timeout(30)
class ScaleTest {
    private final ScriptedHost host;

    ScaleTest(@TempDir Path folder) {
        host = ScriptedHost.ofImages(folder, new ScriptedImages());
        host.options.put("replicas", List.of("2"));
        host.publish("v1.0.0");
    }

    @AfterEach
    void end() {
        host.end();
    }

    @Test
    void hasAsManyReplicasAtOnceWithoutADeployment() throws Exception {
        host.app().control().deploy("test");
        assertThat(host.app().replicas().all()).hasSize(2);

        CycleOutcome outcome = scale(Optional.of(5));

        assertThat(outcome.outcome()).isEqualTo(CycleOutcome.Kind.DONE);
        assertThat(host.scaled).containsExactly(5);
        assertThat(host.app().replicas().all()).hasSize(5);
        assertThat(host.app().status().scaled()).contains(5);
        assertThat(host.activated).containsExactly("v1.0.0");
        assertThat(host.told("app.scaled"))
                .extracting(event -> event.data().get("replicas"), event -> event.actor())
                .containsExactly(tuple("5", "alice"));
        assertThat(host.operations.all()).first().extracting(Operation::what).isEqualTo(Operation.What.SCALE);
    }

    @Test
    void hasAsManyUnderTheNextAgentAndAfterADeployment() throws Exception {
        scale(Optional.of(5));
        host.restart();
        host.app().control().deploy("test");
        assertThat(host.app().replicas().all()).hasSize(5);
        assertThat(host.app().status().scaled()).contains(5);
    }

    @Test
    void hasAsManyAsItsDefinitionSaysWhereThatIsAskedFor() throws Exception {
        scale(Optional.of(5));
        scale(Optional.empty());
        assertThat(host.scaled).containsExactly(5, 2);
        assertThat(host.app().status().scaled()).isEmpty();
        assertThat(host.told("app.unscaled")).hasSize(1);
        host.restart();
        assertThat(host.app().replicas().all()).hasSize(2);
    }

    @Test
    void hasAsManyAsItsDefinitionSaysOnceThatChanges() throws Exception {
        scale(Optional.of(5));
        host.options.put("replicas", List.of("3"));
        host.restart();
        assertThat(host.app().replicas().all()).hasSize(3);
        host.options.put("replicas", List.of("2"));
        host.restart();
        assertThat(host.app().replicas().all()).as("also when it changes back").hasSize(2);
    }

    @Test
    void staysAsItIsWhereItCannotHaveAsMany() throws Exception {
        scale(Optional.of(5));
        assertThatThrownBy(() -> scale(Optional.of(101)))
                .isInstanceOf(InvalidException.class)
                .hasMessageContaining("replicas=101 is not a whole number from 1 to 100");
        assertThat(host.app().status().scaled()).contains(5);
        host.restart();
        assertThat(host.app().replicas().all()).hasSize(5);
    }

    @Test
    void tellsWhenOneDoesNotStartAndGoesOnWithIt() throws Exception {
        host.failing.add("a replica");
        assertThatThrownBy(() -> scale(Optional.of(5)))
                .isInstanceOf(ApplicationException.class)
                .hasMessageContaining("it exited at once");
        assertThat(host.app().status().scaled()).contains(5);
    }

    @Test
    void isRefusedWhereTheAppHasNoReplicas() throws Exception {
        host.command = "server";
        host.options.remove("replicas");
        assertThatThrownBy(() -> scale(Optional.of(2)))
                .isInstanceOf(InvalidException.class)
                .hasMessage("Cannot scale the replicas of app: its runtime test does not run it as replicas, as"
                        + " containers are");
    }

    private CycleOutcome scale(Optional<Integer> replicas) throws Exception {
        return host.app().begin(Order.scale("app", replicas), "alice").await();
    }
}
