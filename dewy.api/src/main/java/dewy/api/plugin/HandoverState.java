package dewy.api.plugin;

import dewy.api.process.Inheritable;
import java.util.Map;

/**
 * What an instance passes on to its successor.
 *
 * @param format the version of the meaning of {@code data}; a successor refuses one that it does not know
 * @param data small values by name; never a secret
 * @param resources what the operating system owns: sockets and child processes, by name
 */
public record HandoverState(int format, Map<String, String> data, Map<String, Inheritable> resources) {
    public HandoverState {
        data = Map.copyOf(data);
        resources = Map.copyOf(resources);
    }

    /** Returns the same with other resources, such as those of them that are left. */
    public HandoverState with(Map<String, Inheritable> others) {
        return new HandoverState(format, data, others);
    }
}
