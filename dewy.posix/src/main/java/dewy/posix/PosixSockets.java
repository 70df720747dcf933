package dewy.posix;

import dewy.api.DewyException;
import dewy.api.Registration;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.ListeningSockets;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Listening sockets as a service. */
@Component(name = "dewy.posix.sockets")
public final class PosixSockets implements ListeningSockets {
    private final SpareFolder spare = new SpareFolder();

    @Activate
    void activate(BundleContext context) {
        spare.offer(context);
    }

    @Override
    public ListeningSocket listen(ListeningAddress address) throws DewyException {
        NativeCode.require(spare);
        Optional<OpenSocket> left = SocketsBetween.take(address);
        if (left.isPresent()) {
            return left.get().blocking();
        }
        OpenSocket socket = address.isUnix() ? UnixListener.open(address) : TcpListener.open(address);
        DescriptorStore.in(System.getenv()).ifPresent(socket::keptBy);
        return socket;
    }

    @Override
    public Registration keepOpen() {
        return SocketsBetween.keep();
    }
}
