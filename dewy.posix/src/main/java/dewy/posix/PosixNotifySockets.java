package dewy.posix;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.NotifySocket;
import dewy.api.process.NotifySockets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Sockets for what servers tell, as a service. */
@Component(name = "dewy.posix.notify")
public final class PosixNotifySockets implements NotifySockets {
    private final SpareFolder spare = new SpareFolder();
    private final List<Path> parents;
    private final AtomicBoolean tidied = new AtomicBoolean();

    public PosixNotifySockets() {
        this(List.of(Path.of("/run"), Path.of(System.getProperty("java.io.tmpdir", "/tmp"))));
    }

    /** The folders of the sockets are in the first of these that can be written. */
    PosixNotifySockets(List<Path> parents) {
        this.parents = List.copyOf(parents);
    }

    @Activate
    void activate(BundleContext context) {
        spare.offer(context);
    }

    @Override
    public NotifySocket open(Optional<String> user, Consumer<Map<String, String>> listener) throws DewyException {
        NativeCode.require(spare);
        Path parent = parents.stream().filter(Files::isWritable).findFirst().orElse(parents.get(0));
        Optional<Account> account = user.isPresent() ? Optional.of(Account.ofUser(user.get())) : Optional.empty();
        if (tidied.compareAndSet(false, true)) {
            NotifyFolder.removeLeftovers(parent, Instant.now());
        }
        try {
            return open(NotifyFolder.create(parent), account, listener).start();
        } catch (IOException e) {
            throw failure(parent, e.toString(), e);
        } catch (SystemCallException e) {
            throw failure(parent, e.reason(), e);
        }
    }

    private static NotifyReceiver open(
            NotifyFolder folder, Optional<Account> user, Consumer<Map<String, String>> listener)
            throws IOException, SystemCallException {
        Path path = folder.socket();
        boolean complete = false;
        try (RawSocket socket = RawSocket.openDatagram()) {
            socket.bind(SocketAddresses.unix(path.toString().getBytes(StandardCharsets.UTF_8)));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            if (user.isPresent() && user.get().uid() != CLibrary.geteuid()) {
                Files.setAttribute(path, "unix:uid", user.get().uid());
            }
            complete = true;
            return new NotifyReceiver(folder, path, socket.release(), listener);
        } finally {
            if (!complete) {
                folder.remove();
            }
        }
    }

    private static StorageException failure(Path parent, String why, Exception cause) {
        return new StorageException(
                Problem.of(
                        "open a socket for what servers tell in",
                        parent,
                        why,
                        "Check who may write there, and the free space"),
                cause);
    }
}
