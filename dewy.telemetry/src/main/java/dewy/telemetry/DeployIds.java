package dewy.telemetry;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Locale;

/** Gives a trace the id of its deployment, so that who has one finds the other. For one thread. */
final class DeployIds implements IdGenerator {
    private static final IdGenerator RANDOM = IdGenerator.random();
    private static final String ID = "(?!0{32})[0-9a-f]{32}";

    private String next = "";

    /** Says of which deployment the next trace is. */
    void next(String deployId) {
        next = deployId.replace("-", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public String generateTraceId() {
        return next.matches(ID) ? next : RANDOM.generateTraceId();
    }

    @Override
    public String generateSpanId() {
        return RANDOM.generateSpanId();
    }
}
