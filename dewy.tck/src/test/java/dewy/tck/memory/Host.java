package dewy.tck.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.Problem;
import dewy.api.StorageException;
import dewy.api.plugin.HandoverState;
import dewy.api.route.Backend;
import dewy.tck.Await;
import dewy.tck.memory.host.Container;
import dewy.tck.memory.host.DataPlane;
import dewy.tck.memory.host.DataPlanes;
import dewy.tck.memory.host.MemoryEngine;
import dewy.tck.memory.host.Software;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A host on which agents run one after the other: its engine, the data planes, and what is on the disk. */
final class Host {
    static final String APP = "web";
    static final String LISTENER = "127.0.0.1:0";
    static final int REPLICAS = 3;

    final MemoryEngine engine = new MemoryEngine();
    final DataPlanes planes = new DataPlanes();
    final Path folder;
    volatile Optional<HandoverState> record = Optional.empty();
    volatile boolean isFull;

    Host(Path folder) {
        this.folder = folder;
    }

    /** Publishes a version, and has it be here. */
    String release(String version, Software.Manner manner) {
        String image = engine.publish(APP, version, Software.of(version).with(manner));
        engine.install(image);
        return image;
    }

    /** Keeps on the disk what runs, as long as there is room for it. */
    void keep(HandoverState state) throws StorageException {
        if (isFull) {
            throw new StorageException(new Problem("note", "what runs", "the disk is full", ""));
        }
        record = Optional.of(state);
    }

    int port() {
        return plane().listeners().get(0).address().port();
    }

    /** Returns whether there are as many replicas of a version as there should be, traffic goes to these, and nothing is left. */
    boolean servesNothingBut(String version) {
        return engine.containers().size() == REPLICAS && serves(version);
    }

    /** Returns whether traffic goes to as many replicas of a version as there should be, and to nothing else. */
    boolean serves(String version) {
        List<String> running = engine.containers().stream()
                .filter(one -> one.isRunning() && version.equals(one.labels().get("dewy.version")))
                .map(Container::id)
                .toList();
        List<String> routed =
                plane().backends(LISTENER).stream().map(Backend::id).toList();
        return routed.size() == REPLICAS && running.containsAll(routed);
    }

    void awaitNothingBut(String version) {
        await("nothing but " + version + " serves", () -> servesNothingBut(version));
    }

    void assertNothingIsLeft() {
        assertThat(engine.containers()).isEmpty();
        assertThat(planes.size()).isZero();
    }

    void await(String what, Await.Condition condition) {
        Await.until(
                () -> what + ": there are " + engine.containers() + ", and routed is to " + plane().backends(LISTENER),
                condition);
    }

    private DataPlane plane() {
        return planes.find(APP).orElseThrow();
    }
}
