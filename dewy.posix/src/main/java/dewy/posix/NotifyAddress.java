package dewy.posix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Where a service manager listens, as NOTIFY_SOCKET names it.
 *
 * @param name a path, or a name behind an at sign that is in no folder
 */
record NotifyAddress(String name) {
    /** Returns the address in an environment, if there is one of a kind that is served. */
    static Optional<NotifyAddress> in(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(name -> name.startsWith("/") || name.startsWith("@"))
                .filter(name -> name.length() > 1 && bytes(name).length <= Constants.LONGEST_SOCKET_PATH)
                .map(NotifyAddress::new);
    }

    byte[] socketAddress() {
        byte[] bytes = bytes(name);
        return name.startsWith("@")
                ? SocketAddresses.abstractUnix(Arrays.copyOfRange(bytes, 1, bytes.length))
                : SocketAddresses.unix(bytes);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
