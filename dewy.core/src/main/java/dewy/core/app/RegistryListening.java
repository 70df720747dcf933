package dewy.core.app;

import dewy.api.Registration;
import dewy.api.registry.Registry;
import dewy.api.registry.Waking;
import java.util.Optional;

/** Listens to the registry that is plugged in, if it tells of changes by itself. For one thread. */
final class RegistryListening implements AutoCloseable {
    private Optional<Registry> heard = Optional.empty();
    private Registration registration = () -> {};

    /** Listens to that registry from now on; does nothing when it does so already. */
    void to(Optional<Registry> registry, Runnable change) {
        if (registry.equals(heard)) {
            return;
        }
        registration.close();
        heard = registry;
        registration = registry.filter(Waking.class::isInstance)
                .map(source -> ((Waking) source).onChange(change))
                .orElse(() -> {});
    }

    @Override
    public void close() {
        registration.close();
    }
}
