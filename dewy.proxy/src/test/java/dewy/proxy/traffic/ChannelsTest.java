package dewy.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.junit.jupiter.api.Test;

class ChannelsTest {
    /** As one is that the other side has reset. */
    @Test
    void endsOutputThatIsNotConnectedWithoutAWord() {
        SocketChannel channel = Epoll.isAvailable() ? new EpollSocketChannel() : new NioSocketChannel();
        assertThatCode(() -> Channels.shutOutput(channel)).doesNotThrowAnyException();
    }
}
