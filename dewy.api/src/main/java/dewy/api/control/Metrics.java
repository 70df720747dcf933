package dewy.api.control;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The agent's metrics as they are now, for whoever scrapes them: a service, there only where metrics are kept. Safe for use by
 * several threads.
 */
@ProviderType
public interface Metrics {
    /** What {@link #write} writes, as the value of a {@code Content-Type}: the text format of Prometheus. */
    String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /**
     * Writes all metrics, collected by this call; the stream is left open.
     *
     * @throws IOException if the stream fails
     */
    void write(OutputStream to) throws IOException;
}
