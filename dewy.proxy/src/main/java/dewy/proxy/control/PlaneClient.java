package dewy.proxy.control;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.InvalidException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Asks a data plane. Safe for use by several threads.
 *
 * @param place where it listens
 */
public record PlaneClient(PlanePlace place) {
    /**
     * Has something done.
     *
     * @return what the plane says once it was done
     * @throws InvalidException if the plane refuses it, with nothing done
     * @throws UnreachableException if there is no plane, or it ended meanwhile
     */
    public Message ask(Call call, Message question) throws DewyException {
        call.check();
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(place.control()));
                Registration ending = call.onCancel(() -> close(channel))) {
            question.writeTo(channel);
            Message answer = Message.readFrom(Channels.newInputStream(channel));
            if (answer.verb().equals(Message.DONE)) {
                return answer;
            }
            throw refusal(question, answer);
        } catch (IOException e) {
            call.check();
            throw unreachable(question, place.control(), e);
        }
    }

    private static InvalidException refusal(Message question, Message answer) {
        return new InvalidException(new Problem(
                question.verb(),
                answer.find("on").orElse(""),
                answer.find("why").orElse("the data plane refused it"),
                answer.find("advice").orElse("")));
    }

    private static UnreachableException unreachable(Message question, Path socket, IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new UnreachableException(
                Problem.of(
                        "have the data plane " + question.verb(),
                        socket,
                        "it does not answer (" + why + ")",
                        "It is started again by itself; its log, proxy.log in the agent home, may say why it ended"),
                e);
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed.
        }
    }
}
