package dewy.examples.grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Serves a folder {@code <version>/<artifact>} to the agents of this host: the version that was added last, and of its
 * artifacts the one whose name holds system and architecture, or else the only one. Prints what agents report. To begin
 * with, not to be put where others can reach it: it encrypts nothing.
 */
public final class FolderRegistry extends RegistryServiceGrpc.RegistryServiceImplBase {
    private final Path folder;

    FolderRegistry(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: FolderRegistry <folder> <port>");
            System.exit(2);
        }
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        Path folder = Path.of(arguments[0]).toRealPath();
        Server server = OkHttpServerBuilder.forPort(address, InsecureServerCredentials.create())
                .addService(new FolderRegistry(folder))
                .build()
                .start();
        System.out.println("serving " + folder + " at grpc://127.0.0.1:" + server.getPort() + "?no-tls=true");
        server.awaitTermination();
    }

    @Override
    public void current(CurrentRequest request, StreamObserver<CurrentResponse> answer) {
        try {
            answer.onNext(select(request));
            answer.onCompleted();
        } catch (IOException e) {
            answer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        }
    }

    @Override
    public void report(ReportRequest request, StreamObserver<Empty> answer) {
        System.out.println(request.getTag() + " as " + request.getCommand() + ": "
                + (request.hasErr() ? request.getErr() : "deployed"));
        answer.onNext(Empty.getDefaultInstance());
        answer.onCompleted();
    }

    private CurrentResponse select(CurrentRequest request) throws IOException {
        Optional<Path> newest = visible(folder).stream().max(Comparator.comparing(FolderRegistry::modified));
        if (newest.isEmpty()) {
            return CurrentResponse.getDefaultInstance();
        }
        String tag = newest.get().getFileName().toString();
        CurrentResponse.Builder release = CurrentResponse.newBuilder()
                .setId(tag)
                .setTag(tag)
                .setCreatedAt(Timestamp.newBuilder().setSeconds(modified(newest.get()).getEpochSecond()));
        List<Path> artifacts = visible(newest.get());
        artifacts.stream()
                .filter(artifact -> suits(artifact.getFileName().toString(), request))
                .findFirst()
                .or(() -> artifacts.stream().filter(only -> artifacts.size() == 1 && !request.hasArifactName()).findFirst())
                .ifPresent(artifact -> release.setArtifactUrl("file://" + artifact.toUri().getRawPath()));
        return release.build();
    }

    private static boolean suits(String name, CurrentRequest request) {
        return request.hasArifactName()
                ? name.equals(request.getArifactName())
                : name.contains(request.getOs()) && name.contains(request.getArch());
    }

    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    private static Instant modified(Path file) {
        return Instant.ofEpochMilli(file.toFile().lastModified());
    }
}
