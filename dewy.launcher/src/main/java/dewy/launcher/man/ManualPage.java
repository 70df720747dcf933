package dewy.launcher.man;

import dewy.launcher.cli.CommandLines;
import dewy.launcher.cli.CommandOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Writes the manual page, when the jar is built: commands and options are those of {@code --help}, and the rest is that of
 * docs/, so that nothing is said twice.
 */
public final class ManualPage {
    record Example(String purpose, String line) {}

    static final List<Example> EXAMPLES = List.of(
            new Example(
                    "A server on port 8080, with releases in a folder:",
                    "dewy server --registry file:///srv/releases -d /opt/app -p 8080 -- current/app"),
            new Example(
                    "Files of a GitHub repository, looked for every minute:",
                    "dewy assets --registry github://owner/repository -d /var/www/site -i 1m"),
            new Example("All apps of /srv/dewy.yaml:", "dewy host -d /srv"),
            new Example("What is deployed, and why nothing newer is:", "dewy shell -d /opt/app explain"));

    private final Path docs;
    private final CommandSpec model = CommandLines.model();
    private final Roff page = new Roff();

    private ManualPage(Path docs) {
        this.docs = docs;
    }

    /** Writes the page; the arguments are the folder docs, the version, the time of the build, and the files to write. */
    public static void main(String... arguments) throws IOException {
        String page = text(Path.of(arguments[0]), arguments[1], arguments[2].substring(0, 10));
        for (String file : List.of(arguments).subList(3, arguments.length)) {
            Path path = Path.of(file).toAbsolutePath();
            Files.createDirectories(path.getParent());
            Files.writeString(path, page);
        }
    }

    static String text(Path docs, String version, String date) throws IOException {
        return new ManualPage(docs).write(version, date);
    }

    private String write(String version, String date) throws IOException {
        page.title("dewy", date, version);
        page.section("Name").words("dewy - deployment of applications onto hosts, by pulling");
        writeSynopsis();
        page.section("Description").words(model.usageMessage().description()[0]);
        writeCommands();
        writeOptions();
        Document options = Document.read(docs.resolve("options.md"));
        page.section("Commands of the shell");
        options.write("Commands of the shell", page);
        page.section("Plugins");
        options.write("Plugins", page);
        page.section("Exit status");
        options.write("Exit codes", page);
        writeWhole("Environment", "environment.md");
        writeWhole("Files", "files.md");
        page.section("Examples");
        EXAMPLES.forEach(example -> page.paragraph(example.purpose()).verbatim(example.line()));
        page.section("See also").words("systemd.service(5), tar(1)");
        return page.toString();
    }

    private void writeSynopsis() {
        page.section("Synopsis");
        String lines = model.subcommands().values().stream()
                .flatMap(command ->
                        List.of(command.getCommandSpec().usageMessage().customSynopsis()).stream())
                .collect(Collectors.joining("\n"));
        page.verbatim(lines);
    }

    private void writeCommands() {
        page.section("Commands");
        model.subcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            String arguments = spec.positionalParameters().stream()
                    .map(PositionalParamSpec::description)
                    .map(description -> " Its arguments: " + description[0] + ".")
                    .collect(Collectors.joining());
            page.entry("**" + name + "**", spec.usageMessage().description()[0] + "." + arguments);
        });
    }

    private void writeOptions() throws IOException {
        page.section("Options");
        Document.read(docs.resolve("options.md")).writeBeginning("Options", page);
        for (CommandOption option : CommandOption.ALL) {
            String names = String.join("**, **", option.names());
            String commands = model.subcommands().keySet().stream()
                    .filter(option.commands()::contains)
                    .collect(Collectors.joining(", "));
            page.entry("**" + names + "** " + option.label(), option.help() + ". Commands: " + commands + ".");
        }
        page.entry("**-v**, **--version**", "show the version");
        page.entry("**-h**, **--help**", "show help on a command");
    }

    private void writeWhole(String section, String file) throws IOException {
        page.section(section);
        Document document = Document.read(docs.resolve(file));
        for (String each : document.sections()) {
            page.subsection(each);
            document.write(each, page);
        }
    }
}
