package dewy.telemetry;

import dewy.api.InvalidException;
import dewy.api.control.Agent;
import dewy.api.control.Metrics;
import dewy.api.event.EventLog;
import java.io.IOException;
import java.io.OutputStream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Keeps metrics from when its bundle is started, and offers them. */
@Component(immediate = true)
public final class TelemetryComponent implements Metrics {
    private final Telemetry telemetry;

    @Activate
    public TelemetryComponent(BundleContext context, @Reference Agent agent, @Reference EventLog events)
            throws InvalidException {
        String version = context.getProperty("dewy.version");
        telemetry = Telemetry.open(
                agent, events, Settings.read(context::getProperty, System::getenv), version == null ? "" : version);
    }

    @Override
    public void write(OutputStream to) throws IOException {
        telemetry.metrics().write(to);
    }

    @Deactivate
    void close() {
        telemetry.close();
    }
}
