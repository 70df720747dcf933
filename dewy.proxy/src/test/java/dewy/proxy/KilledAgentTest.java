package dewy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.process.ListeningAddress;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The agent is killed while traffic passes, and while it moves it. */
@Tag("long")
@Timeout(300)
class KilledAgentTest {
    private static final int KILLS = Boolean.getBoolean("dewy.long") ? 20 : 2;
    private static final long SEED = Long.getLong("dewy.test.seed", 1);

    private final Random random = new Random(SEED);

    @TempDir
    Path folder;

    @Test
    void losesNothingAndIsGoneOnWith() throws Exception {
        System.out.println("KilledAgentTest: -Ddewy.test.seed=" + SEED);
        try (Greeter blue = Greeter.start("blue");
                Greeter green = Greeter.start("green")) {
            KilledAgent agent = KilledAgent.start(folder);
            ListeningAddress address = agent.address();
            agent.route(blue.backend());
            try (Load load = Load.on(address)) {
                load.await("blue");
                for (int i = 0; i < KILLS; i++) {
                    Greeter next = i % 2 == 0 ? green : blue;
                    agent.begin(next.backend());
                    TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000)); // It is killed anywhere within.
                    agent.kill();
                    agent = KilledAgent.start(folder);
                    assertThat(agent.address()).isEqualTo(address);
                    agent.route(next.backend());
                    assertThat(Greeter.ask(address)).isEqualTo(i % 2 == 0 ? "green" : "blue");
                }
                assertThat(load.end()).isEmpty();
            } finally {
                agent.end();
            }
            assertThatThrownBy(() -> new Socket(address.host(), address.port()).close())
                    .as("nothing is left")
                    .isInstanceOf(IOException.class);
        }
    }
}
