package dewy.registry.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.release.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An image, or an index of images, as it is pushed: what it consists of is beneath it.
 *
 * @param type the media type of its manifest
 * @param platform what an index says of it, in JSON; empty where it says nothing
 * @param annotations what an index adds to it, in JSON
 */
public record TestImage(
        String type,
        String manifest,
        String platform,
        String annotations,
        List<TestImage> parts,
        Map<Digest, byte[]> blobs) {
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

    /** Returns an image for a platform such as {@code linux/arm/v7}; images with different labels are different. */
    public static TestImage of(String platform, String label) {
        return of(OCI_MANIFEST, OCI_CONFIG, platform, label);
    }

    /** Returns an image in the form of Docker. */
    public static TestImage docker(String platform, String label) {
        return of(DOCKER_MANIFEST, DOCKER_CONFIG, platform, label);
    }

    /** Returns something that is no image. */
    public static TestImage chart(String label) {
        return of(OCI_MANIFEST, "application/vnd.cncf.helm.config.v1+json", "unknown/unknown", label);
    }

    private static TestImage of(String type, String configType, String platform, String label) {
        byte[] config = ("{" + fields(platform) + ",\"config\":{\"Labels\":{\"test\":\"" + label
                        + "\"}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}")
                .getBytes(UTF_8);
        Digest digest = Digest.of(config);
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + type + "\",\"config\":{\"mediaType\":\""
                + configType + "\",\"digest\":\"" + digest + "\",\"size\":" + config.length + "},\"layers\":[]}";
        return new TestImage(type, manifest, "{" + fields(platform) + "}", "", List.of(), Map.of(digest, config));
    }

    public static TestImage index(TestImage... parts) {
        return index(OCI_INDEX, parts);
    }

    /** Returns an index of a media type. */
    public static TestImage index(String type, TestImage... parts) {
        List<String> entries = new ArrayList<>();
        for (TestImage part : parts) {
            String platform = part.platform.isEmpty() ? "" : ",\"platform\":" + part.platform;
            String annotations = part.annotations.isEmpty() ? "" : ",\"annotations\":" + part.annotations;
            entries.add("{\"mediaType\":\"" + part.type + "\",\"digest\":\"" + part.digest() + "\",\"size\":"
                    + part.manifest.length() + platform + annotations + "}");
        }
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + type + "\",\"manifests\":["
                + String.join(",", entries) + "]}";
        return new TestImage(type, manifest, "", "", List.of(parts), Map.of());
    }

    /** Returns the same, of which its index does not say what it is for. */
    public TestImage untold() {
        return new TestImage(type, manifest, "", annotations, parts, blobs);
    }

    /** Returns the same as what a builder attests about another image. */
    public TestImage attesting(TestImage other) {
        String reference = "{\"vnd.docker.reference.type\":\"attestation-manifest\",\"vnd.docker.reference.digest\":\""
                + other.digest() + "\"}";
        return new TestImage(
                type, manifest, "{\"architecture\":\"unknown\",\"os\":\"unknown\"}", reference, parts, blobs);
    }

    public Digest digest() {
        return Digest.of(manifest.getBytes(UTF_8));
    }

    private static String fields(String platform) {
        String[] words = platform.split("/", -1);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("os", words[0]);
        fields.put("architecture", words[1]);
        if (words.length > 2) {
            fields.put("variant", words[2]);
        }
        return String.join(
                ",",
                fields.entrySet().stream()
                        .map(field -> "\"" + field.getKey() + "\":\"" + field.getValue() + "\"")
                        .toList());
    }

    /**
     * Pushes it ("Pushing" of the distribution specification), what it consists of first.
     *
     * @param repository such as {@code http://localhost:5000/v2/app}
     * @param tag what is to point to it
     * @param authorization the header of that name; empty for none
     */
    public void push(String repository, String tag, String authorization) throws IOException, InterruptedException {
        for (TestImage part : parts) {
            part.push(repository, part.digest().toString(), authorization);
        }
        for (Map.Entry<Digest, byte[]> blob : blobs.entrySet()) {
            HttpResponse<String> begun = send(
                    authorization,
                    202,
                    request(repository + "/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()));
            URI upload = URI.create(repository + "/")
                    .resolve(begun.headers().firstValue("location").orElseThrow());
            String at = upload + (upload.getRawQuery() == null ? "?" : "&") + "digest=" + blob.getKey();
            send(
                    authorization,
                    201,
                    request(at)
                            .header("Content-Type", "application/octet-stream")
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(blob.getValue())));
        }
        send(
                authorization,
                201,
                request(repository + "/manifests/" + tag)
                        .header("Content-Type", type)
                        .PUT(HttpRequest.BodyPublishers.ofString(manifest)));
    }

    private static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address));
    }

    private static HttpResponse<String> send(String authorization, int expected, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new IOException(response + ": " + response.body());
        }
        return response;
    }
}
