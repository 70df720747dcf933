package dewy.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where an app of a {@link SwapSite} gets its releases from, and whom it tells. */
interface Surroundings {
    /** Returns the options of the app: at least a registry. */
    List<String> options() throws IOException;

    /** Returns the command of the app, its options, and what stands behind them: a server, unless this says otherwise. */
    default List<String> arguments(int port) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("server"));
        arguments.addAll(options());
        arguments.addAll(List.of("-p", "127.0.0.1:" + port, "--ready-time", "200ms", "--", "current/app"));
        return arguments;
    }

    /** Returns how many clients keep their connections: none where a proxy may close these at any time. */
    default int keeping() {
        return 1;
    }

    /** Returns variables for the environment of the agent. */
    Map<String, String> environment();

    /** Publishes a release of the app. */
    void publish(String version, Path archive) throws IOException;
}
