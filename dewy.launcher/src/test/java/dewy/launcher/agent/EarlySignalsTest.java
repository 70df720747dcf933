package dewy.launcher.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EarlySignalsTest {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final EarlySignals signals = EarlySignals.hold();

    @AfterEach
    void letGo() {
        signals.letGo();
    }

    @Test
    void keepsASignalToStopForTheAgent() throws Exception {
        JvmSignal.raise("TERM");
        // It is told on a thread of the JVM's, before or after it is asked for here.
        signals.giveTo(told::add);
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("TERM");
        JvmSignal.raise("INT");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("INT");
    }

    @Test
    void letsThoseThatRestartServersGo() throws Exception {
        JvmSignal.raise("HUP");
        signals.giveTo(told::add);
        JvmSignal.raise("TERM");
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("TERM");
    }
}
