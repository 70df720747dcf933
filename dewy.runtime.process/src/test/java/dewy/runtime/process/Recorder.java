package dewy.runtime.process;

import dewy.api.event.EventSink;
import dewy.api.event.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was told. */
final class Recorder implements EventSink {
    /** One thing that was told. */
    record Told(Level level, String type, String text, Map<String, String> data) {}

    private final List<Told> told = new CopyOnWriteArrayList<>();

    @Override
    public void publish(Level level, String type, String text, Map<String, String> data) {
        told.add(new Told(level, type, text, data));
    }

    List<Told> all() {
        return told;
    }

    List<String> types() {
        return told.stream().map(Told::type).toList();
    }

    List<Told> of(String type) {
        return told.stream().filter(event -> event.type().equals(type)).toList();
    }

    void forget() {
        told.clear();
    }
}
