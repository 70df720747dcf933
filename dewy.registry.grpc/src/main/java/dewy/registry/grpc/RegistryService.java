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
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks {@code dewy.RegistryService} of a server. Each question is one message there and one back. */
final class RegistryService implements AutoCloseable {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final String SERVICE = "dewy.RegistryService";

    private static final MethodDescriptor<CurrentRequest, CurrentResponse> CURRENT =
            method("Current", sent(Messages::write), received(Messages::readCurrentResponse));

    /** What a report is answered with has no fields. */
    private static final MethodDescriptor<ReportRequest, Boolean> REPORT =
            method("Report", sent(Messages::write), received(nothing -> true));

    private final Server server;
    private final Connections.Share connection;
    private final InstantSource clock;

    RegistryService(Server server, Connections connections, InstantSource clock) {
        this.server = server;
        this.connection = connections.to(server);
        this.clock = clock;
    }

    CurrentResponse current(Call call, CurrentRequest request) throws DewyException {
        return ask(call, CURRENT, request, "ask what to deploy");
    }

    void report(Call call, ReportRequest request) throws DewyException {
        ask(call, REPORT, request, "report " + request.tag() + " to");
    }

    @Override
    public void close() {
        connection.close();
    }

    private <Q, A> A ask(Call call, MethodDescriptor<Q, A> method, Q request, String tried) throws DewyException {
        call.check();
        Duration left = call.remaining();
        Duration limit = left.compareTo(LONGEST_ANSWER) < 0 ? left : LONGEST_ANSWER;
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
        ListenableFuture<A> answer =
                ClientCalls.futureUnaryCall(connection.channel().newCall(method, options), request);
        StatusFailure failure = new StatusFailure(server, tried, method == REPORT, clock.instant());
        try (Registration cancellation = call.onCancel(() -> answer.cancel(true))) {
            return answer.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof StatusRuntimeException refused)) {
                throw failure.of(Status.fromThrowable(e.getCause()), null);
            }
            if (refused.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                connection.renew();
            }
            call.check();
            throw failure.of(refused.getStatus(), refused.getTrailers());
        } catch (CancellationException e) {
            renewIfLate(call);
            throw failure.of(Status.CANCELLED.withCause(e), null);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw failure.of(Status.CANCELLED.withCause(e), null);
        }
    }

    private void renewIfLate(Call call) throws DewyException {
        try {
            call.check();
        } catch (ExpiredException e) {
            connection.renew();
            throw e;
        }
    }

    private static <Q, A> MethodDescriptor<Q, A> method(String name, Marshaller<Q> request, Marshaller<A> answer) {
        return MethodDescriptor.<Q, A>newBuilder(request, answer)
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .build();
    }

    private static <Q> Marshaller<Q> sent(Function<Q, InputStream> writing) {
        return new Marshaller<>() {
            @Override
            public InputStream stream(Q message) {
                return writing.apply(message);
            }

            @Override
            public Q parse(InputStream stream) {
                throw new UnsupportedOperationException("requests are sent only");
            }
        };
    }

    /** Reads a message. */
    private interface Reading<A> {
        A read(InputStream message) throws IOException;
    }

    private static <A> Marshaller<A> received(Reading<A> reading) {
        return new Marshaller<>() {
            @Override
            public InputStream stream(A message) {
                throw new UnsupportedOperationException("answers are received only");
            }

            @Override
            public A parse(InputStream stream) {
                try {
                    return reading.read(stream);
                } catch (IOException e) {
                    throw Status.DATA_LOSS
                            .withDescription("its answer is no message of this contract")
                            .withCause(e)
                            .asRuntimeException();
                }
            }
        };
    }
}
