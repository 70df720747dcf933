package dewy.posix;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dewy.api.Problem;
import dewy.api.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * Loads JNA and binds the C library, once, when a socket or a process is first needed: it takes a while, and not every
 * host allows it.
 */
final class NativeCode {
    private static final String FOLDER = "jna.tmpdir";
    private static final long DEFAULT_HANDLER = 0;

    private static boolean bound;
    private static Optional<String> broken = Optional.empty();

    private NativeCode() {}

    /**
     * Returns when the C library can be called.
     *
     * @param spare names a folder where the native part of JNA is unpacked if the one for temporary files does not allow
     *     execution
     * @throws StorageException if this system is not supported, or no folder allows execution
     */
    static synchronized void require(Supplier<Optional<Path>> spare) throws StorageException {
        if (bound) {
            return;
        }
        requireSupported(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        if (broken.isPresent()) {
            throw unusable(broken.get(), Optional.empty());
        }
        try {
            bindWith(settings(spare));
            bound = true;
            if (!Constants.MACOS) {
                JvmSignals.claim();
            }
        } catch (LinkageError e) {
            broken = Optional.of(String.valueOf(root(e).getMessage()));
            throw unusable(broken.get(), Optional.of(e));
        }
    }

    static synchronized boolean isBound() {
        return bound;
    }

    static void requireSupported(String system, String processor) throws StorageException {
        boolean knownSystem = system.equals("Linux") || system.startsWith("Mac");
        boolean knownProcessor = List.of("amd64", "x86_64", "aarch64").contains(processor);
        if (!knownSystem || !knownProcessor) {
            throw unusable("this is " + system + " on " + processor, Optional.empty());
        }
    }

    private static Map<String, String> settings(Supplier<Optional<Path>> spare) throws StorageException {
        Map<String, String> settings = new HashMap<>();
        settings.put(FOLDER, ExecutableFolder.first(candidates(spare)).toString());
        settings.put("jna.nosys", "true");
        // The C library is in the process already; searching the system for libraries runs a program.
        settings.put("jna.platform.library.path", "");
        return settings;
    }

    private static List<Path> candidates(Supplier<Optional<Path>> spare) {
        Optional<String> chosen = Optional.ofNullable(System.getProperty(FOLDER));
        if (chosen.isPresent()) {
            return List.of(Path.of(chosen.get()));
        }
        List<Path> candidates = new ArrayList<>();
        candidates.add(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
        spare.get().ifPresent(candidates::add);
        return candidates;
    }

    /** JNA reads its settings when its classes are initialised; others in this process may use it with other ones. */
    private static void bindWith(Map<String, String> settings) {
        Properties properties = System.getProperties();
        Map<String, Optional<String>> before = new HashMap<>();
        settings.forEach((name, value) -> before.put(name, Optional.ofNullable(properties.getProperty(name))));
        properties.putAll(settings);
        try {
            bind();
        } finally {
            before.forEach((name, value) ->
                    value.ifPresentOrElse(old -> properties.setProperty(name, old), () -> properties.remove(name)));
        }
    }

    private static void bind() {
        CLibrary.bind(library());
        if (!Constants.MACOS) {
            LinuxLibrary.bind(library());
        }
        // A parent may have left it ignored, and then the exit code of a child would be lost.
        CLibrary.signal(Constants.SIGCHLD, DEFAULT_HANDLER);
    }

    /** Returns what this process consists of, the C library included. */
    static NativeLibrary library() {
        return NativeLibrary.getProcess(Map.of(Library.OPTION_STRING_ENCODING, "UTF-8"));
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }

    private static StorageException unusable(String why, Optional<Throwable> cause) {
        Problem problem = new Problem(
                "open sockets and start processes",
                "",
                "the native library does not load: " + why,
                "It needs Linux or macOS on x86-64 or aarch64; then start the agent again");
        return cause.map(e -> new StorageException(problem, e)).orElseGet(() -> new StorageException(problem));
    }
}
