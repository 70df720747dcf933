package dewy.core.host;

import dewy.api.DewyException;
import dewy.core.plugin.Offer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has all apps use other plugins: every one of them, or none. For one thread. */
final class Switchover {
    private static final Logger LOG = LoggerFactory.getLogger("dewy.plugin");

    private record Moved(PluginUser user, List<Offer<?>> before) {}

    private final Supplier<? extends Collection<? extends PluginUser>> users;

    Switchover(Supplier<? extends Collection<? extends PluginUser>> users) {
        this.users = users;
    }

    /**
     * Proves the offers for each app that they are for, and has all of them move, until they are released.
     *
     * @throws DewyException if one of them cannot; all use what they used before then
     */
    void to(List<? extends Offer<?>> next) throws DewyException {
        for (PluginUser user : users.get()) {
            user.prove(next);
        }
        Deque<Moved> moved = new ArrayDeque<>();
        try {
            for (PluginUser user : users.get()) {
                Moved back = new Moved(user, user.offers());
                user.moveTo(next);
                moved.push(back);
            }
        } catch (DewyException | RuntimeException e) {
            moved.forEach(Switchover::goBack);
            release();
            throw e;
        }
    }

    /** Lets all apps choose for themselves again. */
    void release() {
        users.get().forEach(PluginUser::release);
    }

    private static void goBack(Moved moved) {
        try {
            moved.user().moveTo(moved.before());
        } catch (DewyException e) {
            LOG.atError()
                    .addKeyValue("app", moved.user().name())
                    .addKeyValue("error", e.problem().sentence())
                    .log("No way back to the plugin before");
        }
    }
}
