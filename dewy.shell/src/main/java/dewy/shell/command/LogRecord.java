package dewy.shell.command;

import dewy.api.event.Event;
import dewy.view.Words;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** A record of what is told about an app. */
sealed interface LogRecord {
    /** What the agent did. */
    record Told(Event event) implements LogRecord {
        @Override
        public String text(Viewer viewer) {
            StringBuilder text = new StringBuilder();
            text.append(
                    viewer.faint(event.time().truncatedTo(ChronoUnit.SECONDS).toString()));
            text.append(' ').append(level(viewer)).append(' ').append(event.text());
            event.data()
                    .forEach((name, value) ->
                            text.append("  ").append(name).append('=').append(value));
            return text.toString().replace('\n', ' ');
        }

        @Override
        public Map<String, Object> view() {
            Map<String, Object> view = new LinkedHashMap<>();
            view.put("time", event.time().toString());
            view.put("sequence", event.sequence());
            view.put("app", event.app());
            view.put("type", event.type());
            view.put("level", Words.of(event.level()));
            view.put("text", event.text());
            view.put("deployment", event.deployId());
            view.put("cause", event.cause());
            view.put("actor", event.actor());
            view.put("data", event.data());
            return view;
        }

        private String level(Viewer viewer) {
            String name = String.format("%-5s", event.level());
            return switch (event.level()) {
                case ERROR -> viewer.bad(name);
                case WARN -> viewer.doubtful(name);
                default -> name;
            };
        }
    }

    /** A line that the app wrote. */
    record Line(String app, String line) implements LogRecord {
        @Override
        public String text(Viewer viewer) {
            return "| " + line.replace("\t", "    ");
        }

        @Override
        public Map<String, Object> view() {
            return Map.of("app", app, "output", line);
        }
    }

    /** Events that whoever looks was too slow for. */
    record Gap(long events) implements LogRecord {
        @Override
        public String text(Viewer viewer) {
            return viewer.doubtful(events + " events of the agent were not kept long enough to be shown here");
        }

        @Override
        public Map<String, Object> view() {
            return Map.of("missed", events);
        }
    }

    /** Returns a line for people. */
    String text(Viewer viewer);

    /** Returns the same for scripts. */
    Map<String, Object> view();
}
