package dewy.itest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bundle of the built-in proxy is swapped, stopped and removed while a server behind it is upgraded. */
class BuiltinProxySwapIT extends SwapLoop {
    BuiltinProxySwapIT() throws IOException {}

    @Override
    List<String> plugins() {
        return List.of("dewy.proxy");
    }

    @Override
    public List<String> options() throws IOException {
        List<String> options = new ArrayList<>(super.options());
        options.addAll(List.of("--proxy", "builtin"));
        return options;
    }

    /** As {@link ProxySwapIT} and {@link MixedTrafficIT} do with more traffic, which is enough for every build. */
    @Override
    @Test
    @Tag("trial")
    void loseNothingWhenPluginsAreUpdated() throws Exception {
        super.loseNothingWhenPluginsAreUpdated();
    }
}
