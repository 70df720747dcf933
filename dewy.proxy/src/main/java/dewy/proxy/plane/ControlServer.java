package dewy.proxy.plane;

import dewy.proxy.control.Message;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Answers the agent, a question a connection. */
final class ControlServer {
    private final ServedApps apps;
    private final ExecutorService threads = Executors.newCachedThreadPool(ControlServer::thread);

    ControlServer(ServedApps apps) {
        this.apps = apps;
    }

    /** Begins to answer; from then on the plane is ready. */
    void listen(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        threads.execute(() -> accept(server));
    }

    private void accept(ServerSocketChannel server) {
        try (server) {
            while (true) {
                SocketChannel connection = server.accept();
                threads.execute(() -> serve(connection));
            }
        } catch (IOException e) {
            PlaneLog.tell("takes no orders any more", e);
        }
    }

    /** Answers, or gives up what was asked when the agent closes the connection before. */
    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = Channels.newInputStream(connection);
            Message question = Message.readFrom(in);
            CompletableFuture<Message> answer = begin(question);
            CompletableFuture<Void> told =
                    answer.handleAsync((message, e) -> tell(connection, question, message, e), threads);
            if (in.read() < 0) {
                answer.cancel(false);
            }
            told.join();
        } catch (EOFException | ClosedChannelException e) {
            // Somebody looked whether this listens, or was answered.
        } catch (IOException | CompletionException e) {
            PlaneLog.tell("could not answer", e);
        }
    }

    private CompletableFuture<Message> begin(Message question) {
        try {
            return apps.answer(question);
        } catch (WrongQuestion | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
    }

    @SuppressWarnings("NullAway") // What completes has an answer, or a failure.
    private static @Nullable Void tell(
            SocketChannel connection, Message question, @Nullable Message answer, @Nullable Throwable e) {
        if (e instanceof CancellationException) {
            return null; // Nobody waits for it any more.
        }
        try {
            (e == null ? answer : failure(question, e)).writeTo(connection);
            connection.close();
        } catch (IOException gone) {
            // Nobody waits for it any more.
        }
        return null;
    }

    private static Message failure(Message question, Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof WrongQuestion refusal) {
            return Message.of(Message.FAILED)
                    .with("on", refusal.on())
                    .with("why", String.valueOf(refusal.getMessage()))
                    .with("advice", refusal.advice());
        }
        PlaneLog.tell("could not " + question.verb(), cause);
        return Message.of(Message.FAILED).with("why", cause.toString());
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "control");
        thread.setDaemon(true);
        return thread;
    }
}
