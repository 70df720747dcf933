package dewy.registry.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dewy.tck.TestAuthority;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gRPC server that knows of messages nothing but their bytes, and answers as it is told. */
public final class RegistryServer implements AutoCloseable {
    /** What is done with a question. */
    interface Answer {
        void to(ServerCall<byte[], byte[]> call);
    }

    /** One question: the method and the message in hexadecimal. */
    record Asked(String method, String message) {}

    /** What became of a release on a host; without an error it is deployed. */
    public record Report(String id, String tag, String command, Optional<String> error) {}

    public final List<Report> reports = new CopyOnWriteArrayList<>();
    final List<Asked> asked = new CopyOnWriteArrayList<>();
    public final CountDownLatch hanging = new CountDownLatch(1);
    final List<String> connections = new CopyOnWriteArrayList<>();
    volatile Answer current = message(new byte[0]);
    volatile Answer report = message(new byte[0]);

    private final ServerCredentials credentials;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Server server;
    private final int port;

    public RegistryServer() throws IOException {
        this(InsecureServerCredentials.create());
    }

    RegistryServer(ServerCredentials credentials) throws IOException {
        this.credentials = credentials;
        this.server = start(0);
        this.port = server.getPort();
    }

    /** Returns one that is asked by TLS, and shows the certificate of that name. */
    public static RegistryServer secured(TestAuthority authority, String name, ClientAuth clients) throws Exception {
        return new RegistryServer(TlsServerCredentials.newBuilder()
                .keyManager(authority.keys(name))
                .trustManager(authority.clients())
                .clientAuth(clients)
                .build());
    }

    public String address() {
        return "grpc://127.0.0.1:" + port;
    }

    /** Has hosts get a release. */
    public void select(String id, String tag, String url, Instant created) {
        current = release(id, tag, url, created);
    }

    /** Refuses whatever it is asked for. */
    public void refuse(Status status) {
        current = status(status);
    }

    /** Takes questions, and answers none. */
    public void hang() {
        current = silence();
    }

    /** Starts again where it was, after it was {@linkplain #stop stopped}. */
    public void restart() throws IOException {
        server = start(port);
    }

    public void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination();
    }

    @Override
    public void close() {
        server.shutdownNow();
        workers.shutdownNow();
    }

    static Answer message(byte[] message) {
        return call -> {
            call.sendHeaders(new Metadata());
            call.sendMessage(message);
            call.close(Status.OK, new Metadata());
        };
    }

    static Answer release(String id, String tag, String url, Instant created) {
        return message(response(id, tag, url, created));
    }

    static Answer status(Status status) {
        return call -> call.close(status, new Metadata());
    }

    /** Refuses with {@code google.rpc.Status} in the details, as hexadecimal. */
    static Answer status(Status status, String details) {
        Metadata trailers = new Metadata();
        trailers.put(
                Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
                HexFormat.of().parseHex(details));
        return call -> call.close(status, trailers);
    }

    Answer silence() {
        return call -> hanging.countDown();
    }

    /** Begins to answer, and goes no further. */
    Answer headersAlone() {
        return call -> {
            call.sendHeaders(new Metadata());
            hanging.countDown();
        };
    }

    private static byte[] response(String id, String tag, String url, Instant created) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ByteArrayOutputStream time = new ByteArrayOutputStream();
            CodedOutputStream inner = CodedOutputStream.newInstance(time);
            inner.writeInt64(1, created.getEpochSecond());
            inner.flush();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeString(1, id);
            out.writeString(2, tag);
            out.writeString(3, url);
            out.writeByteArray(4, time.toByteArray());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Report readReport(byte[] message) {
        Map<Integer, String> fields = new HashMap<>();
        try {
            CodedInputStream in = CodedInputStream.newInstance(message);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                fields.put(WireFormat.getTagFieldNumber(tag), in.readStringRequireUtf8());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Report(
                fields.getOrDefault(1, ""),
                fields.getOrDefault(2, ""),
                fields.getOrDefault(3, ""),
                Optional.ofNullable(fields.get(4)));
    }

    private Server start(int at) throws IOException {
        return OkHttpServerBuilder.forPort(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), credentials)
                .executor(workers)
                .addService(ServerServiceDefinition.builder(RegistryService.SERVICE)
                        .addMethod(RegistryService.method("Current"), handler("Current"))
                        .addMethod(RegistryService.method("Report"), handler("Report"))
                        .build())
                .build()
                .start();
    }

    private ServerCallHandler<byte[], byte[]> handler(String method) {
        return (call, headers) -> {
            connections.add(String.valueOf(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
            call.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] message) {
                    asked.add(new Asked(method, HexFormat.of().formatHex(message)));
                    if (method.equals("Report")) {
                        reports.add(readReport(message));
                    }
                    (method.equals("Report") ? report : current).to(call);
                }
            };
        };
    }
}
