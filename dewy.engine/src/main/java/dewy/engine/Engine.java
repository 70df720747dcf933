package dewy.engine;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.transport.DockerHttpClient;
import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What is asked of a container engine, by its API (Docker Engine API, which Podman speaks as well). All of it fails as unreachable
 * while the engine is away, and as not found where there is no such image or container. Containers are named, images are {@code
 * repository@sha256:…}. Safe for use by several threads.
 */
public final class Engine {
    /** What this speaks, unless the engine is older, or so new that it has forgotten it. */
    private static final RemoteApiVersion SPOKEN = RemoteApiVersion.VERSION_1_41;

    private static final int MOST_TYPES = 400;

    private final EngineAddress address;
    private final UnaryOperator<DockerHttpClient> passage;
    private final ObjectMapper json = newMapper();
    private volatile Optional<RemoteApiVersion> version = Optional.empty();

    public Engine(EngineAddress address) {
        this(address, UnaryOperator.identity());
    }

    /** Returns an engine to which all requests pass through something else. */
    public Engine(EngineAddress address, UnaryOperator<DockerHttpClient> passage) {
        this.address = address;
        this.passage = passage;
    }

    /** What is asked with a client, in one or several requests. */
    @FunctionalInterface
    interface Question<R> {
        R ask(DockerClient client) throws DewyException;
    }

    /** What is done with a client. */
    @FunctionalInterface
    interface Deed {
        void happen(DockerClient client) throws DewyException;
    }

    /** Finds out whether it is there. */
    public void ping(Call call) throws DewyException {
        tell(call, "ping the engine", "", client -> client.pingCmd().exec());
    }

    /** Creates a container, and returns once it exists. */
    public void create(Call call, String name, String image, Consumer<CreateContainerCmd> details)
            throws DewyException {
        ask(call, "create a container from", image, client -> {
            CreateContainerCmd command = client.createContainerCmd(image).withName(name);
            details.accept(command);
            return command.exec();
        });
    }

    /** Starts a container that was created; does nothing when it runs. */
    public void start(Call call, String name) throws DewyException {
        tell(call, "start the container", name, client -> {
            try {
                client.startContainerCmd(name).exec();
            } catch (NotModifiedException e) {
                call.check(); // It does so already.
            }
        });
    }

    /** Returns how a container is. */
    public Container inspect(Call call, String name) throws DewyException {
        return ask(
                call,
                "look at the container",
                name,
                client -> Container.of(client.inspectContainerCmd(name).exec()));
    }

    /** Returns all containers, whatever they are doing, that have these labels. */
    public List<Container> list(Call call, Map<String, String> labels) throws DewyException {
        List<String> names = ask(
                call,
                "list containers of",
                address.toString(),
                client -> client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
                        .map(one -> one.getNames()[0].replaceFirst("^/", ""))
                        .toList());
        List<Container> found = new ArrayList<>();
        for (String name : names) {
            try {
                found.add(inspect(call, name));
            } catch (NotFoundException e) {
                call.check(); // It went meanwhile.
            }
        }
        return found;
    }

    /** Tells a container to end, and has it killed at the limit; does nothing when it has ended. */
    public void stop(Call call, String name, Duration limit) throws DewyException {
        int seconds = (int) limit.plusMillis(999).toSeconds();
        tell(call, "stop the container", name, client -> {
            try {
                client.stopContainerCmd(name).withTimeout(seconds).exec();
            } catch (NotModifiedException e) {
                call.check(); // It does so already.
            }
        });
    }

    /** Removes a container with its anonymous volumes, and kills it if it runs. */
    public void remove(Call call, String name) throws DewyException {
        tell(call, "remove the container", name, client -> {
            try {
                client.removeContainerCmd(name)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec();
            } catch (ConflictException e) {
                call.check(); // Somebody else is removing it.
            }
        });
    }

    /** Returns the last lines that a container wrote; none where its log is kept elsewhere. */
    public List<String> lastLines(Call call, String name, int count) throws DewyException {
        StringBuilder text = new StringBuilder();
        var lines = new StreamEnd<Frame>(frame -> text.append(new String(frame.getPayload(), StandardCharsets.UTF_8)));
        tell(call, "read the log of the container", name, client -> {
            client.logContainerCmd(name)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(count)
                    .exec(lines);
            lines.await(call);
        });
        return text.toString()
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /**
     * Has each line that a container writes told, with its time, by a thread of the stream's: whoever takes them slowly has the
     * stream wait, and not the container.
     *
     * @param life with which the stream ends; it ends with the container as well, and where its log is kept elsewhere at once
     * @param after lines that were written then, or before, are not told
     * @param ended is done once nothing more is told
     */
    public void follow(
            Call life, String name, Optional<Instant> after, BiConsumer<Instant, String> taker, Runnable ended)
            throws DewyException {
        StreamEnd<Frame> stream = new StreamEnd<>(new LogLines(after, taker)::take);
        tell(life, "follow the log of the container", name, client -> client.logContainerCmd(name)
                .withStdOut(true)
                .withStdErr(true)
                .withTimestamps(true)
                .withFollowStream(true)
                .withSince((int) after.orElse(Instant.EPOCH).getEpochSecond())
                .exec(stream));
        stream.onEnd(ended);
    }

    /**
     * Has the name of each container with these labels told that ends, or is found unhealthy, from now on, by a thread of the
     * stream's. A name may be told twice.
     *
     * @param life with which the stream ends
     * @param lost what is done when the stream ends before, since the engine went away
     */
    public void watch(Call call, Call life, Map<String, String> labels, Consumer<String> ended, Runnable lost)
            throws DewyException {
        ping(call);
        StreamEnd<Event> stream = new StreamEnd<>(event -> endedBy(event).ifPresent(ended));
        // What happens until the stream is there is told later; Podman begins to answer with the first event only.
        long since = Instant.now().getEpochSecond() - 1;
        tell(life, "watch the containers of", address.toString(), client -> client.eventsCmd()
                .withSince(Long.toString(since))
                .withEventTypeFilter(EventType.CONTAINER)
                .withLabelFilter(labels)
                .exec(stream));
        stream.onEnd(() -> {
            if (!life.isOver()) {
                lost.run();
            }
        });
    }

    private static Optional<String> endedBy(Event event) {
        String action = Optional.ofNullable(event.getAction()).orElse("");
        Map<String, String> told = Optional.ofNullable(event.getActor())
                .flatMap(actor -> Optional.ofNullable(actor.getAttributes()))
                .orElse(Map.of());
        boolean ended = action.equals("die") || action.equals("died");
        boolean unhealthy = action.startsWith("health_status") && (action + told).contains("unhealthy");
        return ended || unhealthy ? Optional.ofNullable(told.get("name")) : Optional.empty();
    }

    /** Returns an image that is on this host. */
    public InspectImageResponse image(Call call, String image) throws DewyException {
        return ask(call, "look at the image", image, client -> client.inspectImageCmd(image)
                .exec());
    }

    /** Finds out whether there is a network. */
    public void requireNetwork(Call call, String network) throws DewyException {
        try {
            ask(call, "use the network", network, client -> client.inspectNetworkCmd()
                    .withNetworkId(network)
                    .exec());
        } catch (NotFoundException e) {
            throw new NotFoundException(
                    new Problem(
                            "use the network",
                            network,
                            "there is no such network",
                            "Make it, as by docker network create " + network),
                    e);
        }
    }

    /** Returns the version of the kernel that containers have, as it names itself; empty where the engine does not tell. */
    public String kernel(Call call) throws DewyException {
        return ask(call, "ask for the kernel of", address.toString(), client -> Optional.ofNullable(
                        client.infoCmd().exec().getKernelVersion())
                .orElse(""));
    }

    <R> R ask(Call call, String tried, String on, Question<R> question) throws DewyException {
        call.check();
        try {
            DockerHttpClient transport = passage.apply(new EngineTransport(address, call));
            return question.ask(
                    DockerClientImpl.getInstance(new Settings(address, spoken(transport), json), transport));
        } catch (RuntimeException e) {
            version = Optional.empty(); // Another engine may be there when it is asked again.
            call.check();
            throw EngineFailures.of(e, address, tried, on);
        }
    }

    void tell(Call call, String tried, String on, Deed deed) throws DewyException {
        boolean unused = ask(call, tried, on, client -> {
            deed.happen(client);
            return true;
        });
    }

    /** Finds out once which version of the API both sides know. */
    private RemoteApiVersion spoken(DockerHttpClient transport) {
        if (version.isEmpty()) {
            version = Optional.of(negotiated(transport));
        }
        return version.get();
    }

    private RemoteApiVersion negotiated(DockerHttpClient transport) {
        DockerHttpClient.Request question = DockerHttpClient.Request.builder()
                .method(DockerHttpClient.Request.Method.GET)
                .path("/version")
                .build();
        try (DockerHttpClient.Response answer = transport.execute(question)) {
            JsonNode told = json.readTree(answer.getBody());
            RemoteApiVersion newest = RemoteApiVersion.parseConfigWithDefault(
                    told.path("ApiVersion").asText());
            RemoteApiVersion oldest = RemoteApiVersion.parseConfigWithDefault(
                    told.path("MinAPIVersion").asText());
            if (oldest.isGreater(SPOKEN)) {
                return oldest;
            }
            return SPOKEN.isGreater(newest) ? newest : SPOKEN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One with types of its own: those that are remembered for all would keep this bundle from being unloaded. */
    private static ObjectMapper newMapper() {
        LookupCache<Object, JavaType> types = new LRUMap<>(16, MOST_TYPES);
        ObjectMapper mapper = new ObjectMapper()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        mapper.setTypeFactory(TypeFactory.defaultInstance().withCache(types));
        mapper.setAnnotationIntrospector(new JacksonAnnotationIntrospector());
        return mapper;
    }
}
