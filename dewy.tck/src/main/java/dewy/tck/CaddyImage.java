package dewy.tck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An image as {@code caddy:2-alpine} is, of the Caddy and the busybox of this host. The engine has it without a registry.
 */
public final class CaddyImage {
    /** What it is called. */
    public static final String NAME = "caddy:2-alpine";

    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");
    private static final Set<String> THERE = new HashSet<>();

    private CaddyImage() {}

    /** Has an engine have it; skips the test where this host has no Caddy. */
    public static synchronized void ensure(ContainerEngine engine) throws IOException {
        Path caddy = ServerProgram.require("caddy");
        Path busybox = ServerProgram.require("busybox");
        if (!THERE.add(engine.address())) {
            return;
        }
        Path folder = Files.createTempDirectory("dewy-caddy");
        try {
            Path root = folder.resolve("root");
            Path programs = Files.createDirectories(root.resolve("bin"));
            Files.createDirectories(root.resolve("tmp"));
            Files.copy(busybox, programs.resolve("busybox"));
            for (String name : List.of("sh", "wget", "printf", "sleep")) {
                Files.createSymbolicLink(programs.resolve(name), Path.of("busybox"));
            }
            Files.copy(caddy, programs.resolve("caddy"));
            for (Path library : libraries(caddy)) {
                Path copy = root.resolve(library.toString().substring(1));
                Files.createDirectories(copy.getParent());
                Files.copy(library.toRealPath(), copy);
            }
            Path tar = folder.resolve("image.tar");
            String unused = output("tar", "cf", tar.toString(), "--owner=0", "--group=0", "-C", root.toString(), ".");
            engine.docker("import", tar.toString(), NAME);
        } finally {
            delete(folder);
        }
    }

    /** Returns what it is linked with; nothing where it is by itself. */
    private static List<Path> libraries(Path program) throws IOException {
        Matcher library = LIBRARY.matcher(output("ldd", program.toString()));
        List<Path> libraries = new ArrayList<>();
        while (library.find()) {
            libraries.add(Path.of(library.group(1)));
        }
        return libraries;
    }

    private static String output(String... command) throws IOException {
        Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
