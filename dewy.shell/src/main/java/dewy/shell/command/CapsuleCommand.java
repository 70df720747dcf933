package dewy.shell.command;

import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.control.Agent;
import dewy.api.control.AppStatus;
import dewy.api.control.Capsule;
import dewy.api.control.CommandLines.Candidate;
import dewy.api.control.Evidence;
import dewy.api.event.Event;
import dewy.view.Json;
import dewy.view.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class CapsuleCommand implements Command {
    static final String ID = "[ID]";
    private static final Option OUTPUT =
            new Option("--output", "", "FILE", "write it to a new file; an absolute path on the host of the agent");
    private static final int COLUMNS = 80;

    @Override
    public String name() {
        return "capsule";
    }

    @Override
    public String takes() {
        return ID;
    }

    @Override
    public String summary() {
        return "List the evidence of failed deployments, or show that of one";
    }

    @Override
    public String details() {
        return """
                ID is the first column of the list, or the beginning of one; in its place the name of an app lists those of that
                app. The evidence says what failed and why, what happened before, what the app and the hooks wrote, and what
                it ran on. What --output writes is one file for somebody else to look at, and what --json shows is the same:
                secrets are left out as far as they can be told from other words.
                """;
    }

    @Override
    public List<Option> options() {
        return List.of(OUTPUT);
    }

    @Override
    public boolean changes() {
        return false;
    }

    @Override
    public Reply run(Agent agent, Arguments arguments, Viewer viewer) throws DewyException, UsageException {
        Optional<String> name = arguments.name();
        boolean isApp = agent.apps().stream()
                .map(AppStatus::name)
                .anyMatch(name.stream().toList()::contains);
        if (name.isPresent() && !isApp) {
            return show(open(agent, name.get()), arguments.value(OUTPUT), viewer);
        }
        if (arguments.has(OUTPUT)) {
            throw new UsageException(name(), "name one by its ID, for " + OUTPUT.name());
        }
        return list(agent.capsules().list(name), viewer);
    }

    private Evidence open(Agent agent, String id) throws DewyException, UsageException {
        try {
            return agent.capsules().open(id);
        } catch (NotFoundException e) {
            throw new UsageException(
                    name(), "\"" + id + "\" names none: " + e.problem().why());
        }
    }

    /** Returns the evidence there is. */
    static Stream<Candidate> candidates(Agent agent) {
        try {
            return agent.capsules().list(Optional.empty()).stream()
                    .map(capsule -> new Candidate(capsule.id(), capsule.app() + " " + capsule.version()));
        } catch (DewyException e) {
            return Stream.empty(); // The command itself says why.
        }
    }

    private static Reply list(List<Capsule> capsules, Viewer viewer) {
        if (capsules.isEmpty()) {
            return Reply.of("No deployment has failed of which there is evidence.\n", List.of());
        }
        Table table = new Table("ID", "APP", "VERSION", "WHEN", "TIMES", "STEP", "ERROR");
        for (Capsule capsule : capsules) {
            table.row(
                    capsule.id(),
                    capsule.app(),
                    capsule.version(),
                    viewer.relative(capsule.at()),
                    Integer.toString(capsule.times()),
                    capsule.step(),
                    capsule.error().replace('\n', ' '));
        }
        return Reply.of(table.toString(), capsules);
    }

    private Reply show(Evidence evidence, Optional<String> output, Viewer viewer)
            throws UsageException, StorageException {
        if (output.isEmpty()) {
            return Reply.of(text(evidence, viewer), evidence);
        }
        Path file = Path.of(output.get());
        if (!file.isAbsolute()) {
            throw new UsageException(
                    name(), "\"" + file + "\" is no absolute path, as the agent may be in another folder");
        }
        write(file, Json.write(evidence));
        return Reply.of(
                "Capsule " + evidence.capsule().id() + " is in " + file + "\n",
                Map.of("capsule", evidence.capsule().id(), "file", file));
    }

    private static void write(Path file, String text) throws StorageException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (SeekableByteChannel channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new StorageException(
                    Problem.of("write the capsule to", file, StorageException.reason(e), "Name another file"), e);
        }
    }

    private static String text(Evidence evidence, Viewer viewer) {
        Capsule capsule = evidence.capsule();
        Page page = new Page(viewer.window().columns() > 0 ? viewer.window().columns() : COLUMNS, viewer);
        String often = capsule.times() == 1 ? "" : ", " + capsule.times() + " times by now";
        page.field("Capsule", capsule.id());
        page.field("App", capsule.app() + " " + capsule.version());
        page.field("Failed", viewer.relative(capsule.at()) + ", at " + second(capsule.at()) + often);
        page.field(
                "Step",
                capsule.step()
                        + capsule.failure()
                                .map(kind -> " (" + Words.of(kind) + ")")
                                .orElse(""));
        page.field("Asked by", capsule.actor() + (capsule.cause().isEmpty() ? "" : ", because of " + capsule.cause()));
        page.field("Deployment", capsule.deployId());
        page.heading("What went wrong");
        evidence.errors().forEach(error -> page.line("  ", error));
        evidence.outputs().forEach(output -> {
            page.heading("What was written last: " + output.by());
            output.lines().forEach(line -> page.line("  | ", line));
        });
        page.heading("What happened");
        evidence.events().forEach(event -> page.line("  ", told(event)));
        page.heading("Plugins");
        evidence.plugins().forEach(use -> page.line("  ", use.plugin() + "  " + use.bundle() + " " + use.version()));
        page.heading("Configuration");
        evidence.options().forEach((option, values) -> page.line("  ", option + ": " + String.join(" ", values)));
        page.heading("System");
        evidence.system().forEach((name, value) -> page.line("  ", name + ": " + value));
        return page.toString();
    }

    private static String told(Event event) {
        String data = event.data().entrySet().stream()
                .map(detail -> "  " + detail.getKey() + "=" + detail.getValue())
                .collect(Collectors.joining());
        return second(event.time()) + " " + event.level() + " " + event.text() + data;
    }

    private static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Text that fits into so many columns. */
    private static final class Page {
        private static final int LABEL = 12;

        private final int columns;
        private final Viewer viewer;
        private final StringBuilder text = new StringBuilder();

        Page(int columns, Viewer viewer) {
            this.columns = columns;
            this.viewer = viewer;
        }

        void heading(String words) {
            text.append('\n').append(viewer.faint(words)).append('\n');
        }

        void field(String label, String value) {
            wrap(label + " ".repeat(Math.max(1, LABEL - label.length())), " ".repeat(LABEL), value);
        }

        void line(String indent, String line) {
            for (String part : line.replace("\t", "    ").split("\n", -1)) {
                wrap(indent, indent + "    ", part);
            }
        }

        /** Breaks it at spaces, or where there are none in the second half of a line, anywhere. */
        private void wrap(String first, String next, String line) {
            String indent = first;
            String rest = line.stripTrailing();
            while (indent.length() + rest.length() > columns) {
                int room = Math.max(1, columns - indent.length());
                int space = rest.lastIndexOf(' ', room);
                int end = space > room / 2 ? space : room;
                text.append(indent).append(rest, 0, end).append('\n');
                rest = rest.substring(end).stripLeading();
                indent = next;
            }
            text.append(indent).append(rest).append('\n');
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
