package dewy.tck;

import dewy.api.release.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * A registry of images, with images that are made for tests: they hold a statically linked busybox, and differ in what they
 * run. Images are pushed as the OCI distribution specification has it.
 */
public final class ImageRegistry implements AutoCloseable {
    /** Whom a registry lets in that is protected. */
    public static final String USER = "somebody";

    /** The password of that user. */
    public static final String PASSWORD = "U*U";

    private static final String PASSWORD_HASH = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final int port;
    private final byte[] layer;
    private final Digest files;
    private final byte[] otherLayer;
    private ServerProgram program;

    private ImageRegistry(Path folder, int port, ServerProgram program, byte[] tar) throws IOException {
        this.folder = folder;
        this.port = port;
        this.program = program;
        this.files = Digest.of(tar);
        layer = packed(tar, Deflater.DEFAULT_COMPRESSION);
        otherLayer = packed(tar, Deflater.BEST_SPEED);
    }

    private static byte[] packed(byte[] tar, int level) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed) {
            {
                def.setLevel(level);
            }
        }) {
            gzip.write(tar);
        }
        return packed.toByteArray();
    }

    /** Starts one that keeps its images in a folder. */
    public static ImageRegistry start(Path folder) throws IOException {
        int port = ServerProgram.freePort();
        return new ImageRegistry(folder, port, serve(folder, port, ""), tar(folder.resolve("root")));
    }

    private static ServerProgram serve(Path folder, int port, String more) throws IOException {
        Path program = ServerProgram.require("docker-registry");
        Path settings = folder.resolve("registry.yml");
        Files.writeString(
                settings,
                """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: "%s"}}
                http: {addr: "127.0.0.1:%d", secret: "of tests"}
                %s
                """
                        .formatted(folder.resolve("images"), port, more));
        return ServerProgram.start(
                folder,
                folder.resolve("registry.log"),
                port,
                List.of(program.toString(), "serve", settings.toString()));
    }

    /** Has the registry let in only {@link #USER} from now on. */
    public void protect() throws IOException {
        Path users = Files.writeString(folder.resolve("users"), USER + ":" + PASSWORD_HASH + "\n");
        program.close();
        program = serve(folder, port, "auth: {htpasswd: {realm: \"of tests\", path: \"" + users + "\"}}");
    }

    /** Returns the host of the registry, with its port. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /**
     * Pushes an image.
     *
     * @param config the part {@code config} of its configuration, as JSON
     * @return the image by digest
     */
    public String push(String repository, String tag, String config) throws IOException {
        return push(repository, tag, config, layer);
    }

    /** Pushes an image whose layer is lost after that. */
    public void pushWithoutLayer(String repository, String tag, String config) throws IOException {
        String unused = push(repository, tag, config, otherLayer);
        Files.delete(blob(Digest.of(otherLayer).hex()));
    }

    private String push(String repository, String tag, String config, byte[] content) throws IOException {
        upload(repository, content);
        byte[] configuration =
                """
                {"architecture": "%s", "os": "linux", "config": %s, "rootfs": {"type": "layers", "diff_ids": ["%s"]}}
                """
                        .formatted(architecture(), config, files)
                        .getBytes(StandardCharsets.UTF_8);
        upload(repository, configuration);
        byte[] manifest =
                """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "%s", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "%s", "size": %d, "digest": "%s"}]}
                """
                        .formatted(
                                MANIFEST,
                                CONFIG,
                                configuration.length,
                                Digest.of(configuration),
                                LAYER,
                                content.length,
                                Digest.of(content))
                        .getBytes(StandardCharsets.UTF_8);
        send("PUT", repository + "/manifests/" + tag, Map.of("Content-Type", MANIFEST), manifest);
        return host() + "/" + repository + "@" + Digest.of(manifest);
    }

    /** Has something else be there in place of an image. */
    public void damage(String image) throws IOException {
        String hex = image.substring(image.indexOf("@sha256:") + "@sha256:".length());
        Path data = blob(hex);
        Files.writeString(data, Files.readString(data).replace("\"schemaVersion\": 2", "\"schemaVersion\":  2"));
    }

    private Path blob(String hex) {
        return folder.resolve("images/docker/registry/v2/blobs/sha256")
                .resolve(hex.substring(0, 2))
                .resolve(hex)
                .resolve("data");
    }

    @Override
    public void close() {
        program.close();
    }

    private void upload(String repository, byte[] blob) throws IOException {
        Digest digest = Digest.of(blob);
        if (send("HEAD", repository + "/blobs/" + digest, Map.of(), new byte[0]).statusCode() == 200) {
            return;
        }
        HttpResponse<byte[]> begun = send("POST", repository + "/blobs/uploads/", Map.of(), new byte[0]);
        String place = begun.headers().firstValue("Location").orElseThrow();
        String path = place.substring(place.indexOf("/v2/") + "/v2/".length());
        send("PUT", path + "&digest=" + digest, Map.of("Content-Type", "application/octet-stream"), blob);
    }

    private HttpResponse<byte[]> send(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + host() + "/v2/" + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 400 && !method.equals("HEAD")) {
                throw new IOException(method + " " + path + ": " + answer.statusCode() + " "
                        + new String(answer.body(), StandardCharsets.UTF_8));
            }
            return answer;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Its server tells of which version it is, and can be slow at it. */
    private static byte[] tar(Path root) throws IOException {
        Path programs = Files.createDirectories(root.resolve("bin"));
        Path scripts = Files.createDirectories(root.resolve("www/cgi-bin"));
        Files.createDirectories(root.resolve("tmp"));
        Files.copy(ServerProgram.require("busybox"), programs.resolve("busybox"));
        for (String name :
                List.of("sh", "httpd", "sleep", "cat", "id", "env", "nc", "ls", "stat", "mount", "hostname", "wget")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("busybox"));
        }
        Files.writeString(root.resolve("www/index.html"), "here I am\n");
        String head = "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\n'\n";
        script(scripts.resolve("version"), head + "printf %s \"$DEWY_VERSION\"\n");
        script(scripts.resolve("slow"), head + "sleep 0.2\nprintf %s \"$DEWY_VERSION\"\n");
        Process tar = new ProcessBuilder("tar", "c", "--owner=0", "--group=0", "-C", root.toString(), ".").start();
        return tar.getInputStream().readAllBytes();
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String architecture() {
        return "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
    }
}
