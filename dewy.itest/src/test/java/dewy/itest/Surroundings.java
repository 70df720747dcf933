package dewy.itest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Where an app of a {@link SwapSite} gets its releases from, and whom it tells. */
interface Surroundings {
    /** Returns the options of the app: at least a registry. */
    List<String> options() throws IOException;

    /** Returns variables for the environment of the agent. */
    Map<String, String> environment();

    /** Publishes a release of the app. */
    void publish(String version, Path archive) throws IOException;
}
