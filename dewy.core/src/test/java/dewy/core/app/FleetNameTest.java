package dewy.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dewy.api.InvalidException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that are one app several times on one host, for their cache. */
class FleetNameTest {
    @TempDir
    Path folder;

    private final List<String> opened = new ArrayList<>();

    @Test
    void isThatOfTheAppWhereNoneIsGiven() throws Exception {
        open("web", "test:");
        assertThat(opened).containsExactly("web on host");
    }

    @Test
    void hasAppsShareACacheAsIfEachWereOnAHostOfItsOwn() throws Exception {
        open("web-1", "test:?fleet=web");
        open("web-2", "test:?fleet=web");
        assertThat(opened).containsExactly("web on host.web-1", "web on host.web-2");
    }

    @Test
    void isRefusedWhereHostsCannotAgreeOnAnything() {
        try (ScriptedHost host = host("web-1", "test:?fleet=web")) {
            assertThatThrownBy(() -> host.factory().check(AppSpecReader.draft(host.definition())))
                    .isInstanceOf(InvalidException.class)
                    .hasMessageContaining("hosts cannot agree on anything in a cache of the scheme \"test\"");
        }
    }

    private void open(String name, String cache) throws Exception {
        try (ScriptedHost host = host(name, cache)) {
            host.app();
        }
    }

    private ScriptedHost host(String name, String cache) {
        ScriptedHost host = new ScriptedHost(folder, (url, context) -> {
            opened.add(context.name() + " on " + context.host());
            return FolderCache.in(folder);
        });
        host.options.put("name", List.of(name));
        host.options.put("cache", List.of(cache));
        return host;
    }
}
