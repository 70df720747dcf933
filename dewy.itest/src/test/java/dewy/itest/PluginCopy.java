package dewy.itest;

import dewy.tck.BundleCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The jar of one of our plugins under another version. */
final class PluginCopy {
    private PluginCopy() {}

    static Path of(String plugin, String version, Path folder) throws IOException {
        return of(plugin, version, folder, Map.of());
    }

    /** Returns a copy with more headers in its manifest. */
    static Path of(String plugin, String version, Path folder, Map<String, String> headers) throws IOException {
        Path bundle = Path.of(System.getProperty("dewy.root"), plugin, "target", plugin + "-0.1.0-SNAPSHOT.jar");
        Map<String, String> all = new HashMap<>(headers);
        all.put("Bundle-Version", version);
        return BundleCopy.with(all, bundle, folder.resolve(plugin + "-" + version + ".jar"));
    }
}
