package dewy.registry.grpc;

import com.google.common.util.concurrent.ListenableFuture;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Registration;
import dewy.registry.grpc.Messages.CurrentRequest;
import dewy.registry.grpc.Messages.CurrentResponse;
import dewy.registry.grpc.Messages.ReportRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks {@code dewy.RegistryService} of a server. Each question is one message there and one back. */
final class RegistryService implements AutoCloseable {
    static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    static final String SERVICE = "dewy.RegistryService";

    private static final MethodDescriptor<byte[], byte[]> CURRENT = method("Current");
    private static final MethodDescriptor<byte[], byte[]> REPORT = method("Report");

    private final Server server;
    private final Connections.Share connection;
    private final InstantSource clock;

    RegistryService(Server server, Connections connections, InstantSource clock) {
        this.server = server;
        this.connection = connections.to(server);
        this.clock = clock;
    }

    CurrentResponse current(Call call, CurrentRequest request) throws DewyException {
        StatusFailure failure = new StatusFailure(server, "ask what to deploy", false, clock.instant());
        byte[] answer = ask(call, CURRENT, Messages.write(request), failure);
        try {
            return Messages.readCurrentResponse(answer);
        } catch (IOException e) {
            String why = "its answer is no message of this contract";
            throw failure.of(Status.DATA_LOSS.withDescription(why).withCause(e), null);
        }
    }

    /** Reports; what that is answered with has no fields. */
    void report(Call call, ReportRequest request) throws DewyException {
        StatusFailure failure = new StatusFailure(server, "report " + request.tag() + " to", true, clock.instant());
        ask(call, REPORT, Messages.write(request), failure);
    }

    @Override
    public void close() {
        connection.close();
    }

    private byte[] ask(Call call, MethodDescriptor<byte[], byte[]> method, byte[] request, StatusFailure failure)
            throws DewyException {
        call.check();
        Duration left = call.remaining();
        Duration limit = left.compareTo(LONGEST_ANSWER) < 0 ? left : LONGEST_ANSWER;
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
        ManagedChannel channel = connection.channel();
        ListenableFuture<byte[]> answer = ClientCalls.futureUnaryCall(channel.newCall(method, options), request);
        try (Registration cancellation = call.onCancel(() -> answer.cancel(true))) {
            return answer.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof StatusRuntimeException refused)) {
                throw failure.of(Status.fromThrowable(e.getCause()), null);
            }
            boolean isBroken = refused.getStatus().getCode() == Status.Code.UNAVAILABLE
                    && refused.getStatus().getCause() != null;
            if (isBroken || refused.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                connection.renew(channel);
            }
            call.check();
            throw failure.of(refused.getStatus(), refused.getTrailers());
        } catch (CancellationException e) {
            renewIfLate(call, channel);
            throw failure.of(Status.CANCELLED.withCause(e), null);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw failure.of(Status.CANCELLED.withCause(e), null);
        }
    }

    private void renewIfLate(Call call, ManagedChannel channel) throws DewyException {
        try {
            call.check();
        } catch (ExpiredException e) {
            connection.renew(channel);
            throw e;
        }
    }

    /** Returns a method of the service, whose messages are bytes. */
    static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
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
                throw Status.UNAVAILABLE.withCause(e).asRuntimeException();
            }
        }
    }
}
