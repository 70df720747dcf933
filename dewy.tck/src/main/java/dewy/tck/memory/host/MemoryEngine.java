package dewy.tck.memory.host;

import dewy.api.Call;
import dewy.api.CorruptException;
import dewy.api.DewyException;
import dewy.api.NotFoundException;
import dewy.api.Problem;
import dewy.api.Registration;
import dewy.api.StorageException;
import dewy.api.UnreachableException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;

/**
 * A container engine in this JVM, with the registry that it pulls from. Its containers are servers on loopback ports. Beside
 * what clients {@linkplain Engine ask}, tests have it do what befalls engines. Safe for use by several threads.
 */
public final class MemoryEngine implements Engine {
    /** A container, with what runs in it. */
    private static final class Box {
        private final Container created;
        private Optional<RunningSoftware> running = Optional.empty();
        private Optional<CompletableFuture<Void>> stopping = Optional.empty();
        private boolean ended;

        Box(Container created) {
            this.created = created;
        }

        Container now() {
            Container.State state = ended
                    ? Container.State.EXITED
                    : running.isPresent() ? Container.State.RUNNING : Container.State.CREATED;
            Map<Integer, Integer> ports =
                    ended ? Map.of() : running.map(RunningSoftware::ports).orElse(Map.of());
            return new Container(created.id(), created.image(), created.environment(), created.labels(), state, ports);
        }
    }

    private final Map<String, String> tags = new HashMap<>();
    private final Map<String, String> published = new HashMap<>();
    private final Map<String, Software> images = new LinkedHashMap<>();
    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private boolean down;
    private long created;
    private long asked;
    private long stops;

    /**
     * Publishes software in the registry, and has a tag point to it, which may have pointed elsewhere before.
     *
     * @return the image by digest
     */
    public synchronized String publish(String repository, String tag, Software software) {
        String image = repository + "@" + software.digest();
        published.put(image, software.content());
        tags.put(repository + ":" + tag, image);
        return image;
    }

    /** Has an image that is published be here, as if it had been pulled before. */
    public synchronized void install(String image) {
        images.put(image, Software.parse(published.getOrDefault(image, "")));
    }

    /** Has the registry send something else in place of an image. */
    public synchronized void damage(String image) {
        published.put(image, Software.of("damaged").content());
    }

    /** Has what is started of an image from now on end at once. */
    public synchronized void spoil(String image) {
        images.computeIfPresent(image, (name, software) -> software.with(Software.Manner.EXITING));
    }

    /** Has nobody reach the engine, or everybody again. What runs goes on. */
    public synchronized void setDown(boolean unreachable) {
        down = unreachable;
    }

    /** Returns how often something was asked of it. */
    public synchronized long asked() {
        return asked;
    }

    /** Returns how often containers were told to stop. */
    public synchronized long stops() {
        return stops;
    }

    /** Returns all containers there are. */
    public synchronized List<Container> containers() {
        return boxes.values().stream().map(Box::now).toList();
    }

    /** Returns all images there are. */
    public synchronized Set<String> images() {
        return new TreeSet<>(images.keySet());
    }

    /** Ends the software in a container as if it had crashed. */
    public void crash(String id) {
        end(id).ifPresent(RunningSoftware::kill);
    }

    @Override
    public synchronized void ping(Call call) throws DewyException {
        arrive(call);
    }

    @Override
    public synchronized String pull(Call call, String reference) throws DewyException {
        arrive(call);
        String image = reference.contains("@") ? reference : tags.getOrDefault(reference, reference);
        if (images.containsKey(image)) {
            return image;
        }
        if (!published.containsKey(image)) {
            throw new NotFoundException(new Problem(
                    "pull the image", reference, "the registry has no such image", "Check its name and its tag"));
        }
        Software software = Software.parse(published.getOrDefault(image, ""));
        if (!image.endsWith("@" + software.digest())) {
            throw new CorruptException(new Problem(
                    "pull the image", image, "what arrived has the digest " + software.digest(), "Publish it again"));
        }
        images.put(image, software);
        return image;
    }

    @Override
    public synchronized boolean hasImage(Call call, String image) throws DewyException {
        arrive(call);
        return images.containsKey(image);
    }

    @Override
    public synchronized boolean removeImage(Call call, String image) throws DewyException {
        arrive(call);
        boolean used =
                boxes.values().stream().anyMatch(box -> box.created.image().equals(image));
        if (!used) {
            images.remove(image);
        }
        return !used;
    }

    @Override
    public synchronized String create(
            Call call, String image, Map<String, String> environment, Map<String, String> labels) throws DewyException {
        arrive(call);
        if (!images.containsKey(image)) {
            throw new NotFoundException(
                    new Problem("create a container from", image, "there is no such image here", "Pull it first"));
        }
        created++;
        String id = "c" + created;
        boxes.put(id, new Box(new Container(id, image, environment, labels, Container.State.CREATED, Map.of())));
        return id;
    }

    @Override
    public void start(Call call, String id) throws DewyException {
        if (startsAndExits(call, id)) {
            crash(id);
        }
    }

    @Override
    public synchronized Container inspect(Call call, String id) throws DewyException {
        arrive(call);
        return box(id).now();
    }

    @Override
    public synchronized List<Container> list(Call call, Map<String, String> labels) throws DewyException {
        arrive(call);
        return containers().stream()
                .filter(one -> one.labels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    @Override
    public void stop(Call call, String id, Duration limit) throws DewyException {
        Optional<CompletableFuture<Void>> stopped;
        synchronized (this) {
            arrive(call);
            Box box = box(id);
            stops++;
            if (box.stopping.isEmpty() && !box.ended) {
                box.stopping = box.running.map(software -> software.stop(limit).thenRun(() -> end(id)));
            }
            stopped = box.stopping;
        }
        if (stopped.isPresent()) {
            await(call, stopped.get());
        }
    }

    @Override
    public void remove(Call call, String id) throws DewyException {
        Optional<RunningSoftware> running;
        synchronized (this) {
            arrive(call);
            running = box(id).running;
            boxes.remove(id);
        }
        running.ifPresent(RunningSoftware::kill);
    }

    @Override
    public Registration onExit(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private synchronized boolean startsAndExits(Call call, String id) throws DewyException {
        arrive(call);
        Box box = box(id);
        if (box.running.isEmpty()) {
            Software software = images.getOrDefault(box.created.image(), Software.of("none"));
            try {
                box.running = Optional.of(RunningSoftware.start(software));
            } catch (IOException e) {
                throw new StorageException(Problem.of("start the container", id, e.toString(), ""), e);
            }
            return software.manner() == Software.Manner.EXITING;
        }
        return false;
    }

    /** Notes that a container has ended, and tells so; returns what ran in it until now. */
    private Optional<RunningSoftware> end(String id) {
        Optional<RunningSoftware> running = Optional.empty();
        synchronized (this) {
            Optional<Box> box = Optional.ofNullable(boxes.get(id)).filter(one -> !one.ended);
            if (box.isPresent() && box.get().running.isPresent()) {
                running = box.get().running;
                box.get().ended = true;
            }
        }
        if (running.isPresent()) {
            listeners.forEach(listener -> ForkJoinPool.commonPool().execute(() -> listener.accept(id)));
        }
        return running;
    }

    /** Whoever waits no more leaves it to end. */
    private static void await(Call call, CompletableFuture<Void> stopped) throws DewyException {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Registration leaving = call.onCancel(() -> over.complete(null))) {
            CompletableFuture.anyOf(stopped, over).join();
        }
        if (!stopped.isDone()) {
            call.check();
        }
    }

    private void arrive(Call call) throws DewyException {
        call.check();
        asked++;
        if (down) {
            throw new UnreachableException(
                    new Problem("ask the engine", "", "nobody answers", "Start it, or say where it is"));
        }
    }

    private Box box(String id) throws NotFoundException {
        return Optional.ofNullable(boxes.get(id))
                .orElseThrow(() ->
                        new NotFoundException(new Problem("find the container", id, "there is no such container", "")));
    }
}
