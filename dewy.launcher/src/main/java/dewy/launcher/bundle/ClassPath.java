package dewy.launcher.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Constants;

/**
 * The class path of the launcher, which is what its jar holds outside of the bundles. Classes that are there come out of
 * the archive that the JVM keeps of them, which the framework's own class loaders cannot use as well. Of a bundle that is
 * put there the folder of the bundles keeps a folder, with its manifest and descriptors and the names of everything it has.
 * The packages of a library are then exported by the system bundle, so that the framework has fewer bundles to install.
 */
public final class ClassPath {
    /** Folders of libraries that have native code for systems on which Dewy does not run. */
    private static final Pattern OTHER_SYSTEMS = Pattern.compile("(win|aix|freebsd)/.*");

    /** What only bundles have that are more than a library. */
    private static final List<String> NO_LIBRARY = List.of(
            Constants.BUNDLE_ACTIVATOR,
            Constants.FRAGMENT_HOST,
            Constants.PROVIDE_CAPABILITY,
            Constants.DYNAMICIMPORT_PACKAGE,
            "Service-Component");

    /** In the folder of a bundle, the names of all of its files, a line each. */
    public static final String CONTENT = "content";

    private final Path root;

    /** @param root the folder with the content of the jar */
    ClassPath(Path root) {
        this.root = root;
    }

    /** Returns whether a file of a bundle stays in the bundle's folder: many bundles have one of the same name. */
    public static boolean isOfBundle(String path) {
        return path.startsWith("META-INF/") || path.startsWith("OSGI-INF/");
    }

    /** Puts the bundles there that every agent starts, and returns the index with their new places. */
    BundleIndex withBase(BundleIndex index) throws IOException {
        Set<IndexedBundle> base = new LinkedHashSet<>();
        for (String name : BundleIndex.BASE) {
            index.bundle(name).ifPresent(bundle -> {
                base.addAll(index.needs(bundle));
                base.add(bundle);
            });
        }
        Map<String, Attributes> headers = new HashMap<>();
        for (IndexedBundle bundle : index.bundles()) {
            headers.put(bundle.symbolicName(), headers(bundle));
        }
        List<IndexedBundle> placed = new ArrayList<>();
        for (IndexedBundle bundle : index.bundles()) {
            IndexedBundle put = base.contains(bundle) && !bundle.isOnClassPath() ? put(bundle) : bundle;
            boolean exported = put.isOnClassPath() && isLibrary(bundle, headers);
            placed.add(exported ? put.exported(exports(bundle, headers)) : put);
        }
        return BundleIndex.of(placed);
    }

    private Attributes headers(IndexedBundle bundle) throws IOException {
        Path file = root.resolve(BundleIndex.FOLDER + bundle.file());
        if (bundle.isOnClassPath()) {
            try (InputStream in = Files.newInputStream(file.resolve(JarFile.MANIFEST_NAME))) {
                return new Manifest(in).getMainAttributes();
            }
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            return jar.getManifest().getMainAttributes();
        }
    }

    /**
     * A bundle is no more than its packages when neither it nor what it needs does or offers anything besides, and no other
     * requires it by its name.
     */
    private static boolean isLibrary(IndexedBundle bundle, Map<String, Attributes> headers) {
        return !BundleIndex.BASE.contains(bundle.symbolicName())
                && !exports(bundle, headers).isEmpty()
                && headers.values().stream().noneMatch(each -> requires(each, bundle))
                && Stream.concat(Stream.of(bundle.symbolicName()), bundle.needs().stream())
                        .map(name -> Objects.requireNonNull(headers.get(name)))
                        .noneMatch(each -> NO_LIBRARY.stream().anyMatch(header -> each.containsKey(name(header))));
    }

    private static boolean requires(Attributes headers, IndexedBundle bundle) {
        String required = headers.getValue(Constants.REQUIRE_BUNDLE);
        return required != null && required.contains(bundle.symbolicName());
    }

    private static String exports(IndexedBundle bundle, Map<String, Attributes> headers) {
        String exports =
                Objects.requireNonNull(headers.get(bundle.symbolicName())).getValue(Constants.EXPORT_PACKAGE);
        return exports == null ? "" : exports;
    }

    private IndexedBundle put(IndexedBundle bundle) throws IOException {
        Path file = root.resolve(BundleIndex.FOLDER + bundle.file());
        try (JarFile jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            if (manifest.getMainAttributes().containsKey(name(Constants.DYNAMICIMPORT_PACKAGE))) {
                // That may come from a plugin, and what is on the class path does not see the classes of plugins.
                return bundle;
            }
            IndexedBundle placed = bundle.onClassPath();
            Path folder = root.resolve(BundleIndex.FOLDER + placed.file());
            List<String> names = jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(JarEntry::getName)
                    .filter(ClassPath::isUsed)
                    .sorted()
                    .toList();
            for (String name : names) {
                try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
                    write(in.readAllBytes(), (isOfBundle(name) ? folder : root).resolve(name));
                }
            }
            write(manifest, folder.resolve(JarFile.MANIFEST_NAME));
            Files.writeString(folder.resolve(CONTENT), String.join("\n", names));
            Files.delete(file);
            return placed;
        }
    }

    /** Variants for other versions of Java count only in a jar that says it has them. */
    private static boolean isUsed(String name) {
        return !name.startsWith("META-INF/versions/")
                && !name.startsWith("META-INF/maven/")
                && !name.startsWith("OSGI-OPT/")
                && !"module-info.class".equals(name)
                && !OTHER_SYSTEMS.matcher(name).matches();
    }

    private static void write(byte[] bytes, Path target) throws IOException {
        if (Files.exists(target) && !Arrays.equals(bytes, Files.readAllBytes(target))) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "another bundle has another file of that name");
        }
        Files.createDirectories(target.resolveSibling(""));
        Files.write(target, bytes);
    }

    /** Native libraries are found on the class path by who needs them. */
    private static void write(Manifest manifest, Path target) throws IOException {
        manifest.getMainAttributes().remove(name(Constants.BUNDLE_NATIVECODE));
        manifest.getMainAttributes().remove(Attributes.Name.MULTI_RELEASE);
        try (OutputStream out = Files.newOutputStream(target)) {
            manifest.write(out);
        }
    }

    private static Attributes.Name name(String header) {
        return new Attributes.Name(header);
    }
}
