package dewy.notifier.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.notifier.Notification;
import dewy.api.notifier.Notifier;
import dewy.api.plugin.Lifetime;
import dewy.api.plugin.Secret;
import dewy.http.Request;
import dewy.http.WebClient;
import java.util.Optional;

/** Posts what a format makes of each notification. Safe for use by several threads. */
final class WebhookNotifier implements Notifier {
    private final WebhookSettings settings;
    private final WebClient web;
    private final String host;
    private final Lifetime lifetime = new Lifetime();

    WebhookNotifier(WebhookSettings settings, WebClient web, String host) {
        this.settings = settings;
        this.web = web;
        this.host = host;
    }

    @Override
    public void send(Call call, Notification notification) throws DewyException {
        call.check();
        Hook hook = settings.hook();
        Optional<Secret> token = settings.token();
        Format.Scene scene = new Format.Scene(
                host,
                hook,
                settings.failure(),
                token.isPresent() ? token.get().reveal().strip() : "");
        Optional<Format.Post> post = settings.format().post(notification, scene);
        if (post.isEmpty()) {
            return;
        }
        Request request = Request.post(
                        "post to the web hook",
                        hook.name(),
                        post.get().to(),
                        post.get().body().getBytes(UTF_8))
                .with("Content-Type", post.get().type())
                .with("webhook-id", notification.event().id()); // It is sent again when its fate is not known.
        web.ask(lifetime.bind(call), request, 200, 201, 202, 204).close();
    }

    /** Ends a request that is in progress; the connections belong to the provider. */
    @Override
    public void close() {
        lifetime.close();
    }
}
