package dewy.itest;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A plugin that {@code docs/plugins.md} describes, made of what stands there. */
final class WrittenPlugin {
    private static final Pattern SOURCE =
            Pattern.compile("`src/(main|test)/java/(\\S+\\.java)`.*?```java\n(.*?)```", Pattern.DOTALL);

    private final String scheme;
    private final Path folder;

    private WrittenPlugin(String scheme, Path folder) {
        this.scheme = scheme;
        this.folder = folder;
    }

    /** Compiles the sources of the one that answers to a scheme. */
    static WrittenPlugin of(String scheme, Path folder) throws IOException {
        WrittenPlugin plugin = new WrittenPlugin(scheme, folder);
        plugin.compile(document());
        return plugin;
    }

    /** Returns what the document says. */
    static String document() throws IOException {
        return Files.readString(Path.of(System.getProperty("dewy.root"), "docs/plugins.md"));
    }

    /** Returns its symbolic name, which is that of its package too. */
    String name() {
        return "org.example." + scheme;
    }

    /** Returns the folder with its classes. */
    Path classes() {
        return folder.resolve("main");
    }

    /** Returns the folder with the classes of its tests. */
    Path tests() {
        return folder.resolve("test");
    }

    /** Makes its jar as bnd does when it is told nothing but what the document has it told. */
    Path jar(String version) throws Exception {
        Path jar = folder.resolve(name() + "-" + version + ".jar");
        try (Builder bnd = new Builder();
                Jar classes = new Jar(classes().toFile())) {
            bnd.setJar(classes);
            bnd.addClasspath(classPath());
            bnd.setProperty(Constants.BUNDLE_SYMBOLICNAME, name());
            bnd.setProperty(Constants.BUNDLE_VERSION, version);
            bnd.setProperty(Constants.CONDITIONALPACKAGE, "dewy.http");
            bnd.setProperty(Constants.IMPORT_PACKAGE, "!org.jspecify.*, *");
            bnd.build().write(jar.toFile());
            assertThat(bnd.getErrors()).isEmpty();
        }
        return jar;
    }

    private static List<File> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(File::new)
                .filter(File::exists)
                .toList();
    }

    private void compile(String text) throws IOException {
        List<MatchResult> sources = SOURCE.matcher(text)
                .results()
                .filter(source -> source.group(2).startsWith(name().replace('.', '/') + "/"))
                .toList();
        for (String part : List.of("main", "test")) {
            List<String> arguments = new ArrayList<>(List.of("-proc:none", "-Xlint:all", "-d"));
            arguments.add(Files.createDirectories(folder.resolve(part)).toString());
            arguments.addAll(List.of("-cp", System.getProperty("java.class.path") + ":" + classes()));
            for (MatchResult source : sources) {
                if (source.group(1).equals(part)) {
                    Path file = folder.resolve("src").resolve(source.group(2));
                    Files.createDirectories(file.resolveSibling(""));
                    arguments.add(Files.writeString(file, source.group(3)).toString());
                }
            }
            run(arguments);
        }
    }

    private static void run(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler().run(null, out, out, arguments.toArray(String[]::new));
        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
    }
}
