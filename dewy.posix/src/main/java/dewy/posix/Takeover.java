package dewy.posix;

import dewy.api.DewyException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.process.Inheritable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes charge of what an earlier agent left: its sockets, and its processes.
 *
 * @param processes the references to processes, by name
 * @param sockets the references to sockets, by name
 */
record Takeover(Map<String, ProcessReference> processes, Map<String, SocketReference> sockets) {
    /** Reads references, of which those remain that this run of the system has given. */
    static Takeover of(Map<String, String> references) {
        Map<String, ProcessReference> processes = new LinkedHashMap<>();
        Map<String, SocketReference> sockets = new LinkedHashMap<>();
        String boot = Host.bootId();
        references.forEach((name, reference) -> {
            ProcessReference.parse(reference)
                    .filter(process -> process.boot().equals(boot))
                    .ifPresent(process -> processes.put(name, process));
            SocketReference.parse(reference)
                    .filter(socket -> socket.boot().equals(boot))
                    .ifPresent(socket -> sockets.put(name, socket));
        });
        return new Takeover(processes, sockets);
    }

    boolean isEmpty() {
        return processes.isEmpty() && sockets.isEmpty();
    }

    Map<String, Inheritable> find(Set<TakeoverWay> ways, KeptSockets kept, Optional<DescriptorStore> store)
            throws DewyException {
        Map<String, Inheritable> found = new HashMap<>();
        Map<Long, OpenSocket> bySocket = new HashMap<>();
        boolean complete = false;
        try {
            findSockets(new SocketTakeover(ways, kept, new SocketHolders(groups())), bySocket);
            findProcesses(found);
            complete = true;
        } finally {
            if (!complete) {
                bySocket.values().forEach(OpenSocket::abandon);
            }
        }
        store.ifPresent(keeper -> bySocket.values().forEach(socket -> socket.keptBy(keeper)));
        sockets.forEach((name, socket) ->
                Optional.ofNullable(bySocket.get(socket.inode())).ifPresent(open -> found.put(name, open)));
        return found;
    }

    private void findProcesses(Map<String, Inheritable> found) throws DewyException {
        for (Map.Entry<String, ProcessReference> process : processes.entrySet()) {
            try {
                Orphan.find(process.getValue()).ifPresent(orphan -> found.put(process.getKey(), orphan));
            } catch (SystemCallException e) {
                throw failure(process.getValue(), e);
            }
        }
    }

    private static DewyException failure(ProcessReference process, SystemCallException e) {
        return e.isForLackOfRoom()
                ? e.lackOfRoom("find", "process " + process.pid())
                : new StorageException(
                        Problem.of(
                                "find",
                                "process " + process.pid(),
                                "it runs, and cannot be watched (" + e.reason() + ")",
                                "That needs Linux 5.3; stop the process, and start the agent again"),
                        e);
    }

    private void findSockets(SocketTakeover takeover, Map<Long, OpenSocket> found) throws DewyException {
        for (SocketReference socket : sockets.values()) {
            if (!found.containsKey(socket.inode())) {
                takeover.find(socket).ifPresent(open -> found.put(socket.inode(), open));
            }
        }
        List<Long> replaced = found.entrySet().stream()
                .filter(entry -> entry.getValue().isSubstitute())
                .map(Map.Entry::getKey)
                .toList();
        if (!replaced.isEmpty()) {
            Settling.await(replaced);
        }
    }

    /** Members of a group may outlive its leader, whose number is given to nobody meanwhile. */
    private Set<Integer> groups() {
        return processes.values().stream()
                .filter(process -> process.isCurrent() || !ProcessReference.exists(process.pid()))
                .map(ProcessReference::pid)
                .collect(Collectors.toSet());
    }
}
