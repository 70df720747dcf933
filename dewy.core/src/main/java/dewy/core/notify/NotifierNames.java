package dewy.core.notify;

import dewy.api.plugin.PluginUrl;
import java.util.ArrayList;
import java.util.List;

/** What the notifiers of an app are called, so that people can tell them apart: their URLs, which hide secrets. */
final class NotifierNames {
    private NotifierNames() {}

    /** Returns the names in the order of the notifiers; those that would be the same are numbered. */
    static List<String> of(List<PluginUrl> notifiers) {
        List<String> names = new ArrayList<>();
        for (PluginUrl notifier : notifiers) {
            String url = notifier.toString();
            String name = url;
            for (int number = 2; names.contains(name); number++) {
                name = url + " (" + number + ")";
            }
            names.add(name);
        }
        return names;
    }
}
