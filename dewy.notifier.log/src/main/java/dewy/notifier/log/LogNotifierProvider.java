package dewy.notifier.log;

import dewy.api.InvalidException;
import dewy.api.notifier.Notifier;
import dewy.api.notifier.NotifierProvider;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.Plugin;
import dewy.api.plugin.PluginUrl;
import org.osgi.service.component.annotations.Component;

/** Opens notifiers that write to the log: {@code log:}, without anything behind it. */
@Component(name = "dewy.notifier.log")
@Plugin(kind = "notifier", scheme = "log")
public final class LogNotifierProvider implements NotifierProvider {
    @Override
    public Notifier open(PluginUrl url, AppContext app) throws InvalidException {
        Parameters parameters = Parameters.of(url);
        if (!url.authority().isEmpty() || !url.path().isEmpty()) {
            parameters.complain("there is only one log: write log: with nothing behind it");
        }
        parameters.finish();
        return new LogNotifier();
    }
}
