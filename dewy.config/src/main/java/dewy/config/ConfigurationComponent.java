package dewy.config;

import dewy.api.control.Agent;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** One app for each factory configuration of {@code dewy.app}, where there is a Configuration Admin service. */
@Component(
        name = "dewy.config.app",
        service = {},
        immediate = true,
        configurationPid = ConfiguredApp.FACTORY,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ConfigurationComponent {
    private final ConfiguredApp app;

    @Activate
    public ConfigurationComponent(Map<String, Object> properties, @Reference Agent agent) {
        app = new ConfiguredApp(agent, Path.of("").toAbsolutePath());
        app.configure(properties);
    }

    @Modified
    void modify(Map<String, Object> properties) {
        app.configure(properties);
    }

    /** The app goes with its configuration alone: when this bundle is replaced, for one, it serves on. */
    @Deactivate
    void close(int reason) {
        if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED) {
            app.remove();
        }
    }
}
