package dewy.runtime.process;

import dewy.api.plugin.Secret;
import dewy.api.process.ListeningAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a server is told which descriptors it inherits: by the variables of Perl's Server::Starter, and by those of
 * sd_listen_fds(3). LISTEN_PID is set where the process id is known, when it is spawned.
 *
 * @param addresses where the sockets listen, in the order of their descriptors
 * @param generation the number of the generation, from 1
 */
record ServerEnvironment(List<ListeningAddress> addresses, long generation) {
    /** What concerns the agent itself, and would mislead a server that inherited it. */
    private static final Set<String> OF_THE_AGENT = Set.of(
            "SERVER_STARTER_PORT",
            "SERVER_STARTER_GENERATION",
            "LISTEN_FDS",
            "LISTEN_FDNAMES",
            "LISTEN_PID",
            "NOTIFY_SOCKET",
            "WATCHDOG_PID",
            "WATCHDOG_USEC");

    /**
     * Returns the whole environment of the server: the agent's without its secrets, which a server has no need of, and which
     * may be broken into; what the app adds, and what describes the sockets.
     */
    Map<String, String> over(Map<String, String> agent, Map<String, String> added) {
        Map<String, String> environment = Secret.withoutSecrets(agent);
        environment.keySet().removeAll(OF_THE_AGENT);
        environment.putAll(added);
        environment.put("SERVER_STARTER_GENERATION", Long.toString(generation));
        environment.put("SERVER_STARTER_PORT", serverStarterPort());
        if (!addresses.isEmpty()) {
            environment.put("LISTEN_FDS", Integer.toString(addresses.size()));
            environment.put("LISTEN_FDNAMES", listenFdNames());
        }
        return environment;
    }

    private String serverStarterPort() {
        return IntStream.range(0, addresses.size())
                .mapToObj(i -> addresses.get(i) + "=" + (InheritedSockets.FIRST_DESCRIPTOR + i))
                .collect(Collectors.joining(";"));
    }

    /** Names the sockets by port or path; a colon separates the names, so none may hold one. */
    private String listenFdNames() {
        return addresses.stream()
                .map(address -> address.isUnix() ? address.host().replace(':', '_') : Integer.toString(address.port()))
                .collect(Collectors.joining(":"));
    }
}
