package dewy.itest;

import java.io.IOException;
import java.nio.file.Path;

/** Containers behind the built-in proxy: its bundle is swapped, so that one data plane follows another, under load. */
class ProxySwapIT extends MemorySwapIT {
    @Override
    String proxy() {
        return "builtin";
    }

    @Override
    Path newer(int number, Path jars) throws IOException {
        return PluginCopy.of("dewy.proxy", "0.1." + number, jars);
    }
}
