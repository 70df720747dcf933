package dewy.posix;

import dewy.api.process.ChildProcess;
import dewy.api.process.DescriptorLease;
import dewy.api.process.Inheritable;
import dewy.api.process.ListeningAddress;
import dewy.api.process.ListeningSocket;
import dewy.api.process.Signal;
import dewy.api.process.Spawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * An agent that starts a server on sockets, or takes over those of the agent before it and replaces the server; then it
 * waits to be killed.
 */
final class TakeoverAgent {
    private final Path folder;
    private final int generation;

    private TakeoverAgent(Path folder, int generation) {
        this.folder = folder;
        this.generation = generation;
    }

    /** Arguments: the user, the folder, the number of the generation, and the addresses of the first one. */
    public static void main(String[] arguments) throws Exception {
        TakeoverAgent agent = new TakeoverAgent(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
        Callable<String> work = arguments.length > 3 ? () -> agent.begin(arguments[3]) : agent::takeOver;
        if (arguments[0].equals("nobody")) {
            AsNobody.run(() -> Files.writeString(agent.folder.resolve("ready." + agent.generation), work.call()));
        } else {
            Files.writeString(agent.folder.resolve("ready." + agent.generation), work.call());
        }
        TimeUnit.MINUTES.sleep(10);
    }

    private String begin(String addresses) throws Exception {
        List<ListeningSocket> sockets = new ArrayList<>();
        for (ListeningAddress address : ListeningAddress.parseList(addresses)) {
            sockets.add(new PosixSockets().listen(address));
        }
        serve(sockets);
        return String.join(
                ",", sockets.stream().map(socket -> socket.address().toString()).toList());
    }

    private String takeOver() throws Exception {
        Map<String, Inheritable> found = new PosixSurvivors().find(references());
        List<ListeningSocket> sockets = new TreeMap<>(found)
                .values().stream()
                        .filter(ListeningSocket.class::isInstance)
                        .map(ListeningSocket.class::cast)
                        .toList();
        ChildProcess orphan = (ChildProcess) Objects.requireNonNull(found.get("server"));
        serve(sockets);
        orphan.signal(Signal.TERM);
        String end = Await.exit(orphan).toString();
        return sockets.size() + " " + sockets.get(0).isSubstitute() + " " + end;
    }

    private void serve(List<ListeningSocket> sockets) throws Exception {
        Path output = folder.resolve("server." + generation);
        Map<Integer, DescriptorLease> leases = new LinkedHashMap<>();
        sockets.forEach(socket -> leases.put(3 + leases.size(), socket.lease()));
        List<String> command =
                List.of("python3", folder.resolve("server.py").toString(), Integer.toString(sockets.size()));
        ChildProcess server =
                new PosixProcesses().spawn(Spawn.of(command, folder, output).withDescriptors(leases));
        leases.values().forEach(DescriptorLease::close);
        Map<String, String> references = new LinkedHashMap<>(Map.of("server", server.reference()));
        sockets.forEach(socket -> references.put("socket " + references.size(), socket.reference()));
        keep(references);
        Await.that(() -> contains(output, "started"), "the start of the server");
    }

    private void keep(Map<String, String> references) throws Exception {
        Files.write(
                folder.resolve("references"),
                references.entrySet().stream()
                        .map(entry -> entry.getKey() + "\t" + entry.getValue())
                        .toList());
    }

    private Map<String, String> references() throws Exception {
        Map<String, String> references = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve("references"))) {
            references.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1));
        }
        return references;
    }

    static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
