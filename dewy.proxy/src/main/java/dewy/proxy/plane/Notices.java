package dewy.proxy.plane;

import dewy.proxy.control.Contents;
import dewy.proxy.control.Contents.Told;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.Notice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the agent is to publish. It is kept until whoever drives its app says that it has it, so that nothing is lost while there
 * is nobody, but for the oldest where that takes long. Safe for use by several threads.
 */
final class Notices {
    static final int KEPT = 100;

    private record Kept(String app, Told told) {}

    private final Deque<Kept> kept = new ArrayDeque<>();
    private final Map<String, List<CompletableFuture<Message>>> waiting = new HashMap<>();
    private long last;

    /** Tells something of an app. */
    void tell(String app, Notice notice) {
        PlaneLog.tell("says of the app " + app + ": " + notice);
        List<CompletableFuture<Message>> answered;
        Message answer;
        synchronized (this) {
            kept.add(new Kept(app, new Told(++last, notice)));
            if (kept.size() > KEPT) {
                kept.remove();
            }
            List<CompletableFuture<Message>> mine = waiting.remove(app);
            answered = mine == null ? List.of() : mine;
            answer = answer(app);
        }
        answered.forEach(one -> one.complete(answer));
    }

    /** Forgets those of an app up to a number, which the agent has, and completes once there are others. */
    synchronized CompletableFuture<Message> after(String app, long number) {
        kept.removeIf(one -> one.app().equals(app) && one.told().number() <= number);
        if (kept.stream().anyMatch(one -> one.app().equals(app))) {
            return CompletableFuture.completedFuture(answer(app));
        }
        List<CompletableFuture<Message>> mine = waiting.computeIfAbsent(app, first -> new ArrayList<>());
        mine.removeIf(CompletableFuture::isDone); // Nobody waits for them any more.
        CompletableFuture<Message> answer = new CompletableFuture<>();
        mine.add(answer);
        return answer;
    }

    private Message answer(String app) {
        List<Told> all = kept.stream()
                .filter(one -> one.app().equals(app))
                .map(Kept::told)
                .toList();
        return Message.of(Message.DONE).with(Contents.ofTold(all));
    }
}
