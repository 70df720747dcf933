package dewy.shell.command;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A screen whose viewer leaves after some pauses; in each of them something happens. */
final class PausedScreen implements Screen {
    final List<String> shown = new ArrayList<>();
    boolean live;
    private final Deque<Runnable> meanwhile;

    PausedScreen(Runnable... meanwhile) {
        this.meanwhile = new ArrayDeque<>(List.of(meanwhile));
    }

    @Override
    public void write(String text) {
        shown.add(text);
    }

    @Override
    public void live() {
        live = true;
    }

    @Override
    public boolean pause(Duration length) {
        Runnable next = meanwhile.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }
}
