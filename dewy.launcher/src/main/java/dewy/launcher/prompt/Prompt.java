package dewy.launcher.prompt;

import dewy.api.Registration;
import dewy.api.control.CommandLines;
import dewy.launcher.log.LogOutput;
import java.io.IOError;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;

/** Reads lines that a person edits, with history and completion, and has them run one after the other. */
public final class Prompt {
    private static final List<String> END = List.of("exit", "quit");

    private final String sign;
    private final Display display;
    private final CommandLines lines;
    private final History history;

    /**
     * Creates a prompt.
     *
     * @param sign what stands before each line
     */
    public Prompt(String sign, Display display, CommandLines lines, History history) {
        this.sign = sign;
        this.display = display;
        this.lines = lines;
        this.history = history;
    }

    /** Returns whether a line is the wish to leave. */
    public static boolean isEnd(String line) {
        return END.contains(line.strip().split("\\s+", 2)[0]);
    }

    /** Runs lines until the last one was read; returns the exit code of the last command. */
    public int run() throws IOException {
        LineReader reader = reader();
        try (Registration log = LogOutput.showBy(reader::printAbove)) {
            return run(reader);
        }
    }

    private int run(LineReader reader) throws IOException {
        OutputStream out = display.terminal().output(); // System.out leads back to the command that writes, with Gogo.
        int exitCode = 0;
        String line = read(reader);
        while (!isEnd(line)) {
            if (!line.isBlank()) {
                String wanted = line;
                exitCode = display.run((window, live) -> lines.run(wanted, window, out, live));
            }
            line = read(reader);
        }
        return exitCode;
    }

    private String read(LineReader reader) throws IOException {
        try {
            return Stty.withRetries(() -> reader.readLine(sign));
        } catch (UserInterruptException e) {
            return ""; // Ctrl-C discards a line.
        } catch (EndOfFileException e) {
            return END.get(0);
        } catch (IOError e) {
            throw new IOException(e.getCause());
        }
    }

    private LineReader reader() throws IOException {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("dewy")
                .terminal(display.terminal())
                .completer((reader, line, candidates) -> complete(line, candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .variable(LineReader.HISTORY_SIZE, History.LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, History.LINES);
        if (history.prepare()) {
            builder.variable(LineReader.HISTORY_FILE, history.file());
        }
        return builder.build();
    }

    private void complete(ParsedLine line, List<Candidate> candidates) {
        List<String> words = new ArrayList<>(line.words().subList(0, line.wordIndex()));
        words.add(line.word().substring(0, line.wordCursor()));
        for (CommandLines.Candidate each : lines.complete(words)) {
            String summary = each.summary().isEmpty() ? null : each.summary();
            candidates.add(new Candidate(each.text(), each.text(), null, summary, null, null, true));
        }
    }
}
