package dewy.config;

import dewy.api.control.AppDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes apps as a YAML text. */
final class YamlText {
    private YamlText() {}

    static String of(List<AppDefinition> apps) {
        Map<String, Object> written = new LinkedHashMap<>();
        for (AppDefinition app : apps) {
            written.put(name(app), keys(app));
        }
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(Map.of("apps", written));
    }

    private static String name(AppDefinition app) {
        List<String> dir = app.options().getOrDefault("dir", List.of("app"));
        String folder = dir.get(dir.size() - 1).replaceFirst("/+$", "").replaceFirst(".*/", "");
        return app.options().getOrDefault("name", List.of(folder)).get(0);
    }

    private static Map<String, Object> keys(AppDefinition app) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("command", app.command());
        app.options().forEach((option, values) -> {
            if (!"name".equals(option)) {
                keys.put(option, values.size() == 1 ? values.get(0) : new ArrayList<>(values));
            }
        });
        if (!app.arguments().isEmpty()) {
            keys.put("run", new ArrayList<>(app.arguments()));
        }
        return keys;
    }
}
