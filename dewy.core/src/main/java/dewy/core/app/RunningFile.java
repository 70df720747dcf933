package dewy.core.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.journal.WholeFile;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What runs of an app, on the disk, so that a later agent finds it should this one be killed: the state that the runtime,
 * or the proxy, would hand over, with references in place of sockets and processes. It is replaced as a whole. Safe for use by several
 * threads.
 */
final class RunningFile implements AppPlace.Keeper {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FORMAT = "format";
    private static final String SPECIFICATION = "specification";
    private static final String PLUGIN = "plugin";
    private static final String DATUM = "data.";
    private static final String RESOURCE = "resource.";

    /**
     * What was written.
     *
     * @param specification what the app was at the time
     * @param plugin the scheme of the plugin whose it is; empty where an earlier agent did not say
     * @param references what the resources are found by, by name
     */
    record Found(
            String specification, String plugin, int format, Map<String, String> data, Map<String, String> references) {
        HandoverState with(Map<String, Inheritable> resources) {
            return new HandoverState(format, data, resources);
        }

        /** Returns whether a plugin of that scheme understands it. */
        boolean isOf(String scheme) {
            return plugin.isEmpty() || plugin.equals(scheme);
        }
    }

    private final Path file;
    private final String what;
    private final String plugin;
    private final String specification;

    /**
     * Names the file of an app.
     *
     * @param name of the file, one for each kind of plugin that has something running
     * @param what runs, for people: {@code a server}
     * @param plugin the scheme of that plugin; empty where there is none
     * @param specification what is to tell an app that is run otherwise, by whatever is the same as long as it is not
     */
    RunningFile(Path stateDirectory, String name, String what, String plugin, String specification) {
        this.file = stateDirectory.resolve(name);
        this.what = what;
        this.plugin = plugin;
        this.specification = specification;
    }

    /** Returns whether what was found is run otherwise than it is to be run now. */
    boolean isOutdated(Found found) {
        return !found.specification().equals(specification);
    }

    /** Writes what runs; when this returns it survives a power cut. */
    @Override
    public synchronized void keep(HandoverState state) throws StorageException {
        try {
            WholeFile.replace(file, text(state).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw failure("write down what runs in", e);
        }
    }

    /** Removes what was written: nothing runs. */
    @Override
    public synchronized void forget() throws StorageException {
        try {
            if (Files.deleteIfExists(file)) {
                WholeFile.syncFolder(file);
            }
        } catch (IOException e) {
            throw failure("remove what ran from", e);
        }
    }

    /**
     * Returns what was written last, if anything ran then. What cannot be understood is as good as nothing: it is told, and
     * kept under another name.
     */
    synchronized Optional<Found> read(EventScope events) throws StorageException {
        byte[] bytes;
        try {
            WholeFile.clean(file);
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read what runs from", e);
        }
        try {
            return Optional.of(parse(new String(bytes, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            tell(events, e);
            return Optional.empty();
        }
    }

    private void tell(EventScope events, IOException e) {
        String why = e instanceof JsonProcessingException broken ? broken.getOriginalMessage() : e.getMessage();
        events.publish(
                EventKind.RUNNING_UNREADABLE,
                file,
                String.valueOf(why),
                setAside().map(Path::toString).orElse(""),
                "If " + what + " of the app that an earlier agent started still runs, stop it");
    }

    /** Where that fails it is replaced by what is written next. */
    private Optional<Path> setAside() {
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        try {
            return Optional.of(Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private String text(HandoverState state) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField(SPECIFICATION, specification);
            json.writeStringField(PLUGIN, plugin);
            json.writeStringField(FORMAT, Integer.toString(state.format()));
            for (Map.Entry<String, String> datum : state.data().entrySet()) {
                json.writeStringField(DATUM + datum.getKey(), datum.getValue());
            }
            for (Map.Entry<String, Inheritable> resource : state.resources().entrySet()) {
                json.writeStringField(
                        RESOURCE + resource.getKey(), resource.getValue().reference());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static Found parse(String text) throws IOException {
        String specification = "";
        String plugin = "";
        int format = 0;
        Map<String, String> data = new LinkedHashMap<>();
        Map<String, String> references = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            JsonToken next = json.nextToken();
            for (; next == JsonToken.FIELD_NAME; next = json.nextToken()) {
                String name = json.currentName();
                require(json.nextToken() == JsonToken.VALUE_STRING);
                if (name.startsWith(DATUM)) {
                    data.put(name.substring(DATUM.length()), json.getText());
                } else if (name.startsWith(RESOURCE)) {
                    references.put(name.substring(RESOURCE.length()), json.getText());
                } else if (name.equals(FORMAT)) {
                    format = json.getValueAsInt();
                } else if (name.equals(SPECIFICATION)) {
                    specification = json.getText();
                } else if (name.equals(PLUGIN)) {
                    plugin = json.getText();
                }
            }
            require(next == JsonToken.END_OBJECT);
        }
        return new Found(specification, plugin, format, data, references);
    }

    private static void require(boolean isAsWritten) throws IOException {
        if (!isAsWritten) {
            throw new IOException("it is not what an agent writes there");
        }
    }

    private StorageException failure(String verb, IOException e) {
        return new StorageException(
                Problem.of(verb, file, StorageException.reason(e), "Check free space, owner and mount of its folder"),
                e);
    }
}
