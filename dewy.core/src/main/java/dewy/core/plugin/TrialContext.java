package dewy.core.plugin;

import dewy.api.InvalidException;
import dewy.api.event.EventSink;
import dewy.api.plugin.AppContext;
import dewy.api.plugin.HandoverState;
import dewy.api.plugin.Provider;
import dewy.api.route.Router;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An app as it is seen by an instance that is only tried: nothing of it is kept. */
record TrialContext(AppContext app) implements AppContext {
    @Override
    public String name() {
        return app.name();
    }

    @Override
    public String command() {
        return app.command();
    }

    @Override
    public String host() {
        return app.host();
    }

    @Override
    public Path directory() {
        return app.directory();
    }

    @Override
    public Path stateDirectory() {
        return app.stateDirectory();
    }

    @Override
    public List<String> arguments() {
        return app.arguments();
    }

    @Override
    public boolean allowsHttp() {
        return app.allowsHttp();
    }

    @Override
    public Optional<String> artifactName() {
        return app.artifactName();
    }

    @Override
    public <P extends Provider<?>> P provider(Class<P> type, String scheme) throws InvalidException {
        return app.provider(type, scheme);
    }

    @Override
    public EventSink events() {
        return app.events();
    }

    /** It is looked at only: an instance that is tried does not move traffic. */
    @Override
    public Optional<Router> router() {
        return app.router();
    }

    @Override
    public void keep(HandoverState state) {}

    @Override
    public void forget() {}
}
