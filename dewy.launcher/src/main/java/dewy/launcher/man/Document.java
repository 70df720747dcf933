package dewy.launcher.man;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A page of docs/, of the little Markdown that is used there: sections of paragraphs, tables and indented lines. */
final class Document {
    private final Path file;
    private final List<String> lines;

    private Document(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    static Document read(Path file) throws IOException {
        return new Document(file, Files.readAllLines(file));
    }

    /** Returns the titles of its sections. */
    List<String> sections() {
        return lines.stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
    }

    /**
     * Writes a section.
     *
     * @throws IOException if there is no such section
     */
    void write(String section, Roff page) throws IOException {
        blocks(section).forEach(block -> write(block, page));
    }

    /** Writes what a section begins with. */
    void writeBeginning(String section, Roff page) throws IOException {
        write(blocks(section).get(0), page);
    }

    private List<List<String>> blocks(String section) throws IOException {
        int begin = lines.indexOf("## " + section);
        if (begin < 0) {
            throw new IOException("there is no section \"" + section + "\" in " + file);
        }
        List<List<String>> blocks = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : lines.subList(begin + 1, end(begin))) {
            if (!line.isBlank()) {
                block.add(line);
            } else if (!block.isEmpty()) {
                blocks.add(block);
                block = new ArrayList<>();
            }
        }
        blocks.add(block);
        return blocks;
    }

    private int end(int begin) {
        for (int i = begin + 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith("## ")) {
                return i;
            }
        }
        return lines.size();
    }

    private static void write(List<String> block, Roff page) {
        if (block.isEmpty()) {
            return;
        }
        if (block.get(0).startsWith("    ")) {
            page.verbatim(block.stream().map(line -> line.substring(4)).collect(Collectors.joining("\n")));
        } else if (block.get(0).startsWith("|")) {
            block.stream().skip(2).forEach(row -> writeRow(row, page));
        } else {
            page.paragraph(String.join(" ", block));
        }
    }

    private static void writeRow(String row, Roff page) {
        String[] cells = row.strip().substring(1).split("\\|", -1);
        List<String> rest = new ArrayList<>();
        for (int i = 1; i < cells.length - 1; i++) {
            rest.add(cells[i].strip());
        }
        page.entry(cells[0].strip(), String.join(", ", rest));
    }
}
