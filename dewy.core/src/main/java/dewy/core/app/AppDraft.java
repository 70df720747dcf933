package dewy.core.app;

import dewy.api.InvalidException;
import dewy.api.InvalidException.Mistake;
import dewy.api.Problem;
import dewy.api.plugin.PluginUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was understood of an app that a person wrote down, so that all that is wrong with it can be told at once.
 *
 * @param spec the app, with {@link #UNREADABLE} in the place of a URL that is none, and defaults for other values
 * @param faults what is wrong with it
 * @param folders what is told of folders in the place of URLs
 */
public record AppDraft(AppSpec spec, List<InvalidException> faults, FolderHint folders) {
    static final PluginUrl UNREADABLE = new PluginUrl("", "", "", Map.of());

    public AppDraft {
        faults = List.copyOf(faults);
    }

    /**
     * Requires that nothing is wrong with it.
     *
     * @param more what somebody else has found
     * @throws InvalidException if anything is
     */
    void require(List<InvalidException> more) throws InvalidException {
        List<InvalidException> all = new ArrayList<>(faults);
        all.addAll(more);
        if (all.size() == 1) {
            throw all.get(0);
        }
        if (!all.isEmpty()) {
            List<Mistake> mistakes =
                    all.stream().flatMap(fault -> fault.mistakes().stream()).toList();
            String why = mistakes.stream().map(AppDraft::words).collect(Collectors.joining("; "));
            throw InvalidException.of(new Problem("use the options", "of " + spec.command(), why, ""), mistakes);
        }
    }

    private static String words(Mistake mistake) {
        boolean named = mistake.name().isEmpty() || mistake.why().startsWith(mistake.name());
        return named ? mistake.why() : mistake.name() + ": " + mistake.why();
    }
}
