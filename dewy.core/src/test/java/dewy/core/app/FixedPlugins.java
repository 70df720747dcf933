package dewy.core.app;

import dewy.api.Registration;
import dewy.api.plugin.Provider;
import dewy.core.plugin.Offer;
import dewy.core.plugin.PluginDirectory;
import dewy.core.plugin.PluginKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One plugin of each kind, which stays. */
record FixedPlugins(Map<PluginKind<?>, Offer<?>> offers) implements PluginDirectory {
    private record FixedOffer<T extends AutoCloseable>(Provider<T> provider) implements Offer<T> {
        @Override
        public List<String> schemes() {
            return List.of("test");
        }

        @Override
        public String bundle() {
            return "test";
        }
    }

    static FixedPlugins of(Map<PluginKind<?>, Provider<?>> providers) {
        return new FixedPlugins(providers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> new FixedOffer<>(each.getValue()))));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends AutoCloseable> Optional<Offer<T>> best(PluginKind<T> kind, String scheme) {
        return Optional.ofNullable((Offer<T>) offers.get(kind));
    }

    @Override
    public String advice(PluginKind<?> kind, String scheme) {
        return "";
    }

    /** They neither come nor go. */
    @Override
    public Registration listen(Listener listener) {
        return () -> {};
    }
}
