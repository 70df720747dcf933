package dewy.proxy;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.ChildProcess;
import dewy.api.process.Inheritable;
import dewy.proxy.control.Message;
import dewy.proxy.control.PlaneClient;
import dewy.proxy.control.PlanePlace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A data plane that runs, or did.
 *
 * @param process what it is
 * @param place where it is asked
 * @param build what tells its classes from others
 */
record Plane(ChildProcess process, PlanePlace place, String build) {
    private static final String PROCESS = "plane";
    private static final String BASE = "plane.base";
    private static final String BUILD = "plane.build";

    /** Reads what {@link #write} wrote; nothing where it did not, or the plane has ended. */
    static Optional<Plane> read(String prefix, HandoverState state) {
        Map<String, String> data = state.data();
        return state.resources().get(prefix + PROCESS) instanceof ChildProcess process && process.isAlive()
                ? Optional.of(new Plane(
                        process,
                        new PlanePlace(Path.of(data.getOrDefault(prefix + BASE, ""))),
                        data.getOrDefault(prefix + BUILD, "")))
                : Optional.empty();
    }

    /** Returns whether {@link #write} wrote something, whatever has become of the plane. */
    static boolean isWritten(String prefix, HandoverState state) {
        return state.data().containsKey(prefix + BASE);
    }

    /** Writes by what it is found again. */
    void write(String prefix, Map<String, String> data, Map<String, Inheritable> resources) {
        data.put(prefix + BASE, place.base().toString());
        data.put(prefix + BUILD, build);
        resources.put(prefix + PROCESS, process);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Message ask(Call call, Message question) throws DewyException {
        return new PlaneClient(place).ask(call, question);
    }
}
