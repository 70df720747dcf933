package dewy.proxy;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.ListeningAddress;
import dewy.proxy.control.PlanePlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;

/**
 * The data plane as a program: its class path, its command line, its files. Its classes are those of the bundle, in a file of
 * their own that nobody replaces: a plane outlives the agent, and goes on loading from it whatever becomes of the bundle.
 *
 * @param folder where its log, its sockets and its classes are
 * @param build tells its classes from those of any other version
 * @param classPath has its classes
 */
record PlaneProgram(Path folder, String build, String classPath) {
    private static final String API = "dewy/api";
    private static final String JAR = "plane-";
    private static final String JAR_SUFFIX = ".jar";
    private static final int DIGEST_BYTES = 6;
    private static final String NATIVE = "META-INF/native/";

    private static final int LONGEST_SOCKET_PATH = 107;
    private static final int SUFFIX = ".control".length();

    /** Returns the program whose classes are in a bundle, which are copied unless they were before. */
    static PlaneProgram of(Bundle bundle, Path folder) throws StorageException {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            List<URL> entries = entries(bundle);
            String build = digest(bundle.getVersion().toString(), entries);
            Path jar = folder.resolve(JAR + build + JAR_SUFFIX);
            if (!Files.exists(jar)) {
                removeOthers(folder);
                copy(entries, jar);
            }
            return new PlaneProgram(folder, build, jar.toString());
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("copy the data plane to", folder, StorageException.reason(e), "Check the agent home"),
                    e);
        }
    }

    /** Returns whether its classes are still where they were copied to. */
    boolean isThere() {
        return Files.exists(Path.of(classPath));
    }

    private static List<URL> entries(Bundle bundle) {
        return Collections.list(bundle.findEntries("/", "*", true)).stream()
                .filter(entry ->
                        entry.getPath().endsWith(".class") || path(entry).startsWith(NATIVE))
                .sorted(Comparator.comparing(URL::getPath))
                .toList();
    }

    private static String path(URL entry) {
        return entry.getPath().substring(1);
    }

    /** The same bundle has the same in every agent, which tells whether a plane that was left need not be replaced. */
    private static String digest(String version, List<URL> entries) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(version.getBytes(StandardCharsets.UTF_8));
            for (URL entry : entries) {
                digest.update(path(entry).getBytes(StandardCharsets.UTF_8));
                try (InputStream in = entry.openStream()) {
                    digest.update(in.readAllBytes());
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** Planes that run have theirs open. */
    private static void removeOthers(Path folder) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, JAR + "*")) {
            for (Path jar : jars) {
                Files.delete(jar);
            }
        }
    }

    private static void copy(List<URL> entries, Path jar) throws IOException {
        Path next = Files.createTempFile(jar.getParent(), JAR, ".next");
        try (OutputStream file = Files.newOutputStream(next);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.setLevel(0); // It is read more often than it is written.
            for (URL entry : entries) {
                try (InputStream in = entry.openStream()) {
                    add(path(entry), in, zip);
                }
            }
            copyApi(zip);
        }
        Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The bundle imports these classes; whoever offers them may be replaced while a plane runs. */
    private static void copyApi(ZipOutputStream zip) throws IOException {
        Path place = place(ListeningAddress.class);
        if (Files.isDirectory(place)) {
            copyApi(place, zip);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                copyApi(jar.getPath("/"), zip);
            }
        }
    }

    private static void copyApi(Path root, ZipOutputStream zip) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(API))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".class")) {
                    try (InputStream in = Files.newInputStream(file)) {
                        add(root.relativize(file).toString(), in, zip);
                    }
                }
            }
        }
    }

    private static Path place(Class<?> one) throws IOException {
        CodeSource source = one.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (NullPointerException | URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new IOException("it is not known which file has " + one.getName(), e);
        }
    }

    private static void add(String path, InputStream in, ZipOutputStream zip) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        in.transferTo(zip);
    }

    /** Returns the file to which a plane writes, for people. */
    Path log() {
        return folder.resolve("proxy.log");
    }

    /** Returns what a plane has said last. */
    Optional<String> lastWord(long pid) {
        String before = " pid=" + pid + " msg=\"";
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains(before))
                    .reduce((earlier, later) -> later)
                    .map(line -> line.substring(line.indexOf(before) + before.length(), line.length() - 1));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // What else is written there is for people.
        }
    }

    /** Returns a place where no plane was before; in a folder for short paths where that of the agent has too long a one. */
    PlanePlace place() throws StorageException {
        String name = UUID.randomUUID().toString().substring(0, 8);
        Path base = folder.toAbsolutePath().resolve(name);
        try {
            return new PlanePlace(
                    base.toString().getBytes(StandardCharsets.UTF_8).length + SUFFIX <= LONGEST_SOCKET_PATH
                            ? base
                            : Files.createTempDirectory("dewy-proxy").resolve(name));
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("make a folder for", name, StorageException.reason(e), "Check java.io.tmpdir"), e);
        }
    }

    /**
     * Returns its command line. The heap is small because what passes is outside of it, and its young part too, since hardly
     * anything lives longer than a request; the collector is the one with the fewest threads and tables. What the compiler needed,
     * a quarter of all, is given back to the system, by a JVM that knows how to. That no buffer is forgotten is a matter of tests:
     * to look for it here takes a stack trace of one buffer in a hundred.
     */
    List<String> command(PlanePlace place) {
        Optional<Path> archive = archive().filter(Files::exists);
        return command(archive.map(file -> "-XX:SharedArchiveFile=" + file), place, List.of());
    }

    /**
     * Returns the command line of one that ends as soon as it is ready, and leaves its classes as the system has them in memory
     * in a file: the next one is ready in two thirds of the time.
     */
    List<String> training(Path archive) throws StorageException {
        return command(Optional.of("-XX:ArchiveClassesAtExit=" + archive), place(), List.of("train"));
    }

    /** Returns where the classes are as the system has them in memory, once that was made; of no use to another JVM. */
    Optional<Path> archive() {
        String jvm = System.getProperty("java.vm.version", "").replaceAll("[^A-Za-z0-9.+-]", "_");
        return classPath.endsWith(JAR_SUFFIX)
                ? Optional.of(Path.of(classPath.replace(JAR_SUFFIX, "-" + jvm + ".jsa")))
                : Optional.empty();
    }

    private List<String> command(Optional<String> archive, PlanePlace place, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-Xmn6m", "-XX:+UseSerialGC", "-Xss256k"));
        command.addAll(List.of("-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"));
        command.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", "-XX:TrimNativeHeapInterval=10000"));
        command.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        command.add("-Dio.netty.leakDetection.level=disabled");
        archive.ifPresent(command::add);
        command.addAll(List.of("-cp", classPath, "dewy.proxy.plane.PlaneMain"));
        command.addAll(List.of(place.base().toString(), log().toString()));
        command.addAll(more);
        return command;
    }
}
