package dewy.core.agent;

import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.core.app.App;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;

/** The apps that there are, by name. Safe for use by several threads. */
final class Apps {
    private final SortedMap<String, App> apps = new ConcurrentSkipListMap<>();

    Collection<App> all() {
        return apps.values();
    }

    Optional<App> find(String name) {
        return Optional.ofNullable(apps.get(name));
    }

    /** Returns the app of that name. */
    App require(String name) throws NotFoundException {
        return find(name).orElseThrow(() -> {
            String known = names().isEmpty() ? "There are none" : "There are: " + String.join(", ", names());
            return new NotFoundException(
                    Problem.of("find the app", "\"" + name + "\"", "there is none of that name", known));
        });
    }

    SortedSet<String> names() {
        return new TreeSet<>(apps.keySet());
    }

    void put(App app) {
        apps.put(app.name(), app);
    }

    /** Forgets an app, unless another one has taken its place. */
    boolean remove(App app) {
        return apps.remove(app.name(), app);
    }

    /** Forgets all apps, and returns them. */
    Collection<App> removeAll() {
        List<App> all = List.copyOf(apps.values());
        apps.clear();
        return all;
    }
}
