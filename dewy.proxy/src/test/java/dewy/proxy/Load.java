package dewy.proxy;

import dewy.api.process.ListeningAddress;
import dewy.tck.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Clients that ask again and again, with a connection for each question. */
final class Load implements AutoCloseable {
    private static final int CLIENTS = 4;

    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final Set<String> answers = ConcurrentHashMap.newKeySet();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean enough;

    static Load on(ListeningAddress address) {
        Load load = new Load();
        for (int i = 0; i < CLIENTS; i++) {
            Thread client = new Thread(() -> load.ask(address), "load");
            client.setDaemon(true);
            client.start();
            load.clients.add(client);
        }
        return load;
    }

    /** Waits for an answer of somebody. */
    void await(String name) throws InterruptedException {
        Await.until("an answer of " + name, () -> answers.contains(name));
    }

    /** Returns what was lost. */
    List<String> end() throws InterruptedException {
        close();
        return List.copyOf(lost);
    }

    @Override
    public void close() throws InterruptedException {
        enough = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    private void ask(ListeningAddress address) {
        while (!enough) {
            try {
                String answer = Greeter.ask(address);
                if (answer.isEmpty()) {
                    lost.add("no answer");
                } else {
                    answers.add(answer);
                }
            } catch (IOException e) {
                lost.add(e.toString());
            }
        }
    }
}
