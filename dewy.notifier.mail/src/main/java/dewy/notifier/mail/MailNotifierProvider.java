package dewy.notifier.mail;

import dewy.api.InvalidException;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import dewy.http.Environment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens notifiers that send mail: {@code smtp://host:port/to@example.com,more@example.com?from=…&username=…}. */
@Component(name = "dewy.notifier.mail")
@Plugin(
        kind = "notifier",
        scheme = {"smtp", "smtps", "mail"})
public final class MailNotifierProvider implements NotifierProvider {
    private final Environment environment;

    /** Creates a provider that reads the environment of this process. */
    @Activate
    public MailNotifierProvider() {
        this(Environment.SYSTEM);
    }

    MailNotifierProvider(Environment environment) {
        this.environment = environment;
    }

    @Override
    public Notifier open(PluginUrl url, AppContext app) throws InvalidException {
        MailSettings settings = MailSettings.of(url, app, environment);
        return new MailNotifier(settings, new MailComposer(settings, app.host()));
    }
}
