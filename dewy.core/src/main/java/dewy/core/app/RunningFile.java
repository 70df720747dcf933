package dewy.core.app;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.HandoverState;
import dewy.api.process.Inheritable;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What runs of an app, on the disk, so that a later agent finds it should this one be killed: the state that the runtime
 * would hand over, with references in place of sockets and processes. It is replaced as a whole. Safe for use by several
 * threads.
 */
final class RunningFile {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FORMAT = "format";
    private static final String DATUM = "data.";
    private static final String RESOURCE = "resource.";

    /**
     * What was written.
     *
     * @param references what the resources are found by, by name
     */
    record Found(int format, Map<String, String> data, Map<String, String> references) {
        HandoverState with(Map<String, Inheritable> resources) {
            return new HandoverState(format, data, resources);
        }
    }

    private final Path file;

    RunningFile(Path stateDirectory) {
        this.file = stateDirectory.resolve("running");
    }

    /** Writes what runs; when this returns it survives a power cut. */
    synchronized void write(HandoverState state) throws StorageException {
        try {
            if (state.resources().isEmpty()) {
                Files.deleteIfExists(file);
                return;
            }
            Path fresh = file.resolveSibling("running.new");
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text(state).getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failure("write down what runs in", e);
        }
    }

    /** Returns what was written last, if anything ran then. What cannot be understood is as good as nothing. */
    synchronized Optional<Found> read() throws StorageException {
        try {
            return Optional.of(parse(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read what runs from", e);
        }
    }

    private static String text(HandoverState state) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField(FORMAT, Integer.toString(state.format()));
            for (Map.Entry<String, String> datum : state.data().entrySet()) {
                json.writeStringField(DATUM + datum.getKey(), datum.getValue());
            }
            for (Map.Entry<String, Inheritable> resource : state.resources().entrySet()) {
                json.writeStringField(RESOURCE + resource.getKey(), resource.getValue().reference());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static Found parse(String text) throws IOException {
        int format = 0;
        Map<String, String> data = new LinkedHashMap<>();
        Map<String, String> references = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.startsWith(DATUM)) {
                    data.put(name.substring(DATUM.length()), json.getText());
                } else if (name.startsWith(RESOURCE)) {
                    references.put(name.substring(RESOURCE.length()), json.getText());
                } else if (name.equals(FORMAT)) {
                    format = json.getValueAsInt();
                }
            }
        }
        return new Found(format, data, references);
    }

    private StorageException failure(String verb, IOException e) {
        return new StorageException(
                Problem.of(verb, file, e.toString(), "Check free space, owner and mount of its folder"), e);
    }
}
