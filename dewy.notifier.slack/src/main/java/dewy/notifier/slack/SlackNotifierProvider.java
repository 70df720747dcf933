package dewy.notifier.slack;

import dewy.api.InvalidException;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Opens notifiers that post to a Slack channel: {@code slack://channel?title=…&url=…&quiet=true&thread=true}. The token is
 * in {@code SLACK_TOKEN} when a message is sent; the address of the API may be in {@code SLACK_API_URL}.
 */
@Component(name = "dewy.notifier.slack")
@Plugin(kind = "notifier", scheme = "slack")
public final class SlackNotifierProvider implements NotifierProvider {
    private final Surroundings surroundings;
    private final Connections connections;

    /** Creates a provider that reads the environment of this process. */
    @Activate
    public SlackNotifierProvider() {
        this(Surroundings.real());
    }

    SlackNotifierProvider(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.connections = new Connections(surroundings.environment());
    }

    @Override
    public Notifier open(PluginUrl url, AppContext app) throws InvalidException {
        SlackSettings settings = SlackSettings.of(url, app, surroundings.apiAddress());
        Problems problems = new Problems(settings.channel());
        Token token = new Token(surroundings.token());
        SlackApi api = new SlackApi(settings.api(), token, new Exchange(connections, problems), problems);
        RateLimit limit = new RateLimit(surroundings.clock(), surroundings.nanoTime(), surroundings.pause(), problems);
        return new SlackNotifier(
                settings,
                new AttachmentComposer(settings, app.host()),
                new Delivery(api, limit, problems),
                new ThreadFile(app.directory()),
                app.events());
    }

    @Deactivate
    void forgetConnections() {
        connections.forget();
    }
}
