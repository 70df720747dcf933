package dewy.notifier.slack;

import dewy.api.InvalidException;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.api.plugin.Secret;
import dewy.http.Credentials;
import dewy.http.SharedConnections;
import dewy.http.WebClient;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Opens notifiers that post to a Slack channel: {@code slack://channel?title=…&url=…&thread=true}. The token is
 * in {@code SLACK_TOKEN} when a message is sent; the address of the API may be in {@code SLACK_API_URL}.
 */
@Component(name = "dewy.notifier.slack")
@Plugin(kind = "notifier", scheme = "slack")
public final class SlackNotifierProvider implements NotifierProvider {
    private final Surroundings surroundings;
    private final SharedConnections connections = new SharedConnections();

    /** Creates a provider that reads the environment of this process. */
    @Activate
    public SlackNotifierProvider() {
        this(Surroundings.real());
    }

    SlackNotifierProvider(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Notifier open(PluginUrl url, AppContext app) throws InvalidException {
        SlackSettings settings = SlackSettings.of(url, app, surroundings.environment());
        WebClient web = new WebClient(
                connections.by(settings.network()),
                (call, request) -> token(),
                refusal -> refusal.standard("Check the token, and proxies in between"),
                false,
                surroundings.clock());
        SlackApi api = new SlackApi(settings, web, surroundings.clock());
        return new SlackNotifier(
                settings,
                new MessageComposer(settings, app.host()),
                new Delivery(api, surroundings),
                new ThreadFile(app.directory()),
                app.events());
    }

    @Deactivate
    void close() {
        connections.close();
    }

    /** Returns the token, fetched now; what the variable holds may in turn refer to a file or a credential. */
    private Credentials token() throws InvalidException {
        Secret source = surroundings.token();
        String token = Secret.of(source.reveal().strip()).reveal().strip();
        return Credentials.bearer(token, "the Slack token of " + source);
    }
}
