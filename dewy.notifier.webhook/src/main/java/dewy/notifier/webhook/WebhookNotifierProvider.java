package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import dewy.http.SharedConnections;
import dewy.http.WebClient;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Opens notifiers that post to a web hook: {@code webhook://host/path?format=…}, or {@code webhook:?url=env:NAME&format=…}. */
@Component(name = "dewy.notifier.webhook")
@Plugin(kind = "notifier", scheme = "webhook")
public final class WebhookNotifierProvider implements NotifierProvider {
    private final Environment environment;
    private final InstantSource clock;
    private final SharedConnections connections = new SharedConnections();

    /** Creates a provider that reads the environment of this process. */
    @Activate
    public WebhookNotifierProvider() {
        this(Environment.SYSTEM, InstantSource.system());
    }

    WebhookNotifierProvider(Environment environment, InstantSource clock) {
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Notifier open(PluginUrl url, AppContext app) throws InvalidException {
        WebhookSettings settings = WebhookSettings.of(url, app, environment);
        WebClient web = new WebClient(
                connections.by(settings.network()),
                new Headers(settings, clock),
                refusal -> refusal.standard("Check the address, and what proves who posts"),
                false,
                clock);
        return new WebhookNotifier(settings, web, app.host());
    }

    @Deactivate
    void close() {
        connections.close();
    }
}
