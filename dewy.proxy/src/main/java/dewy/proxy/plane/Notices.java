package dewy.proxy.plane;

import dewy.proxy.control.Contents;
import dewy.proxy.control.Message;
import dewy.proxy.traffic.Notice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the agent is to publish. It is kept until the agent says that it has it, so that nothing is lost while there is none, but
 * for the oldest where that takes long. Safe for use by several threads.
 */
final class Notices {
    static final int KEPT = 100;

    private final Deque<Contents.Told> kept = new ArrayDeque<>();
    private final List<CompletableFuture<Message>> waiting = new ArrayList<>();
    private long last;

    /** Tells something of an app. */
    void tell(String app, Notice notice) {
        PlaneLog.tell("says of the app " + app + ": " + notice);
        List<CompletableFuture<Message>> answered;
        Message answer;
        synchronized (this) {
            kept.add(new Contents.Told(++last, app, notice));
            if (kept.size() > KEPT) {
                kept.remove();
            }
            answered = List.copyOf(waiting);
            waiting.clear();
            answer = answer();
        }
        answered.forEach(one -> one.complete(answer));
    }

    /** Forgets those up to a number, which the agent has, and completes once there are others. */
    synchronized CompletableFuture<Message> after(long number) {
        kept.removeIf(one -> one.number() <= number);
        if (!kept.isEmpty()) {
            return CompletableFuture.completedFuture(answer());
        }
        waiting.removeIf(CompletableFuture::isDone); // Nobody waits for them any more.
        CompletableFuture<Message> answer = new CompletableFuture<>();
        waiting.add(answer);
        return answer;
    }

    private Message answer() {
        return Message.of(Message.DONE).with(Contents.ofTold(List.copyOf(kept)));
    }
}
