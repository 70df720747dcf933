package dewy.registry.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A gRPC server that knows of messages nothing but their bytes, and answers as it is told. */
final class RegistryServer implements AutoCloseable {
    /** What is done with a question. */
    interface Answer {
        void to(ServerCall<byte[], byte[]> call);
    }

    /** One question: the method and the message in hexadecimal. */
    record Asked(String method, String message) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch hanging = new CountDownLatch(1);
    final List<String> connections = new CopyOnWriteArrayList<>();
    volatile Answer current = message(new byte[0]);
    volatile Answer report = message(new byte[0]);

    private final ServerCredentials credentials;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Server server;
    private final int port;

    RegistryServer() throws IOException {
        this(InsecureServerCredentials.create());
    }

    RegistryServer(ServerCredentials credentials) throws IOException {
        this.credentials = credentials;
        this.server = start(0);
        this.port = server.getPort();
    }

    String address() {
        return "grpc://127.0.0.1:" + port;
    }

    /** Starts again where it was, after it was {@linkplain #stop stopped}. */
    void restart() throws IOException {
        server = start(port);
    }

    void stop() throws InterruptedException {
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

    private Server start(int at) throws IOException {
        return OkHttpServerBuilder.forPort(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), credentials)
                .executor(workers)
                .addService(ServerServiceDefinition.builder("dewy.RegistryService")
                        .addMethod(method("Current"), handler("Current"))
                        .addMethod(method("Report"), handler("Report"))
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
                    ("Current".equals(method) ? current : report).to(call);
                }
            };
        };
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodType.UNARY)
                .setFullMethodName("dewy.RegistryService/" + name)
                .build();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
