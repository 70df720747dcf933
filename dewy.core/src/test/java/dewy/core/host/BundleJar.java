package dewy.core.host;

import dewy.core.host.scripted.ScriptedPlugin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A jar with a {@link ScriptedPlugin} for tests. */
record BundleJar(Map<String, String> headers) {
    private static final List<String> CLASSES =
            List.of("ScriptedPlugin", "ScriptedPlugin$Provider", "ScriptedPlugin$Instance");
    private static final String IMPORTS =
            "org.osgi.framework,dewy.api,dewy.api.notifier,dewy.api.plugin,dewy.api.event";

    /** A notifier that answers to the scheme {@code test}. */
    static BundleJar of(String version) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "test.notifier");
        headers.put("Bundle-Version", version);
        headers.put("Bundle-Activator", ScriptedPlugin.class.getName());
        headers.put("Import-Package", IMPORTS);
        return new BundleJar(headers).offering("notifier", "test");
    }

    BundleJar offering(String kind, String schemes) {
        return with("Provide-Capability", "dewy.plugin;kind=" + kind + ";scheme:List<String>=\"" + schemes + "\"")
                .registering(kind, schemes);
    }

    /** Registers something, whatever it declares. */
    BundleJar registering(String kind, String schemes) {
        return with("Test-Kind", kind).with("Test-Schemes", schemes);
    }

    BundleJar named(String name) {
        return with("Bundle-SymbolicName", name);
    }

    BundleJar importing(String packages) {
        return with("Import-Package", IMPORTS + "," + packages);
    }

    BundleJar that(String does) {
        return with("Test-Does", does);
    }

    BundleJar ranked(int ranking) {
        return with("Test-Ranking", String.valueOf(ranking));
    }

    BundleJar with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new BundleJar(more);
    }

    Path writeTo(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (String name : CLASSES) {
                String entry = "dewy/core/host/scripted/" + name + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = Objects.requireNonNull(BundleJar.class.getResourceAsStream("/" + entry), entry)) {
                    in.transferTo(out);
                }
            }
        }
        return file;
    }
}
