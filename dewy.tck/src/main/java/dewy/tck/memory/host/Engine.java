package dewy.tck.memory.host;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a client can ask of a container engine. An image is named {@code repository@sha256:…}. All of it fails as unreachable
 * while the engine is down, and as not found where there is no such image or container. Safe for use by several threads.
 */
public interface Engine {
    /** Finds out whether it is there. */
    void ping(Call call) throws DewyException;

    /**
     * Pulls an image; asks the registry for nothing but its digest when it is there.
     *
     * @param reference {@code repository:tag} or {@code repository@sha256:…}
     * @return the image by digest
     */
    String pull(Call call, String reference) throws DewyException;

    boolean hasImage(Call call, String image) throws DewyException;

    /** Removes an image; returns whether it is gone, which one is not from which there is a container. */
    boolean removeImage(Call call, String image) throws DewyException;

    /** Creates a container, and returns its id. */
    String create(Call call, String image, Map<String, String> environment, Map<String, String> labels)
            throws DewyException;

    /** Starts a container that was created; does nothing when it runs. */
    void start(Call call, String id) throws DewyException;

    Container inspect(Call call, String id) throws DewyException;

    /** Returns all containers, whatever they are doing, that have these labels. */
    List<Container> list(Call call, Map<String, String> labels) throws DewyException;

    /**
     * Ends what runs in a container: it accepts nothing any more, answers what it has accepted, and is killed at the limit. It
     * does so also when the call is over before. Does nothing when it has ended.
     */
    void stop(Call call, String id, Duration limit) throws DewyException;

    /** Removes a container, and kills it if it runs. */
    void remove(Call call, String id) throws DewyException;

    /** Tells the id of each container that ends, on a thread of the engine's; what it is told must return at once. */
    Registration onExit(Consumer<String> listener);
}
