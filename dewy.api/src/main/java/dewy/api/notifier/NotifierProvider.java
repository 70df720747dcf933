package dewy.api.notifier;

import dewy.api.plugin.Provider;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens notifiers: the URL is a value of {@code --notifier}. */
@ConsumerType
public interface NotifierProvider extends Provider<Notifier> {}
