package dewy.itest;

import dewy.launcher.agent.ClassPathContent;
import dewy.launcher.agent.LauncherJar;
import dewy.launcher.bundle.IndexedBundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.connect.ConnectContent.ConnectEntry;

/** The bundles in the launcher's jar as jars of their own, for frameworks without what the launcher adds to its own. */
final class ShippedBundles {
    private ShippedBundles() {}

    /** Returns a bundle as a jar in a folder. */
    static Path jar(LauncherJar launcher, IndexedBundle bundle, Path folder) throws IOException {
        if (!bundle.isOnClassPath()) {
            return launcher.extract(bundle, folder);
        }
        Path jar = Files.createDirectories(folder).resolve(bundle.symbolicName() + ".jar");
        ClassPathContent content = new ClassPathContent(launcher, bundle.file());
        try (InputStream in = entry(content, JarFile.MANIFEST_NAME).getInputStream();
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), new Manifest(in))) {
            for (String name : content.getEntries()) {
                if (!name.equals(JarFile.MANIFEST_NAME)) {
                    out.putNextEntry(new JarEntry(name));
                    out.write(entry(content, name).getBytes());
                }
            }
        }
        return jar;
    }

    private static ConnectEntry entry(ClassPathContent content, String name) {
        return content.getEntry(name).orElseThrow(() -> new IllegalStateException("there is no " + name));
    }
}
