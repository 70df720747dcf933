package dewy.notifier.webhook;

import dewy.api.InvalidException;
import dewy.api.notifier.Notification;
import java.net.URI;
import java.util.Optional;

/** What a service wants to be posted. Immutable. */
interface Format {
    /**
     * What a notification is put into.
     *
     * @param host where it happened
     * @param hook where to post
     * @param failure where to post failures
     * @param token what the service knows the sender by; empty where there is none
     */
    record Scene(String host, Hook hook, Hook failure, String token) {}

    /**
     * What is posted.
     *
     * @param type of its content
     */
    record Post(URI to, String type, String body) {
        static Post json(URI to, Object body) {
            return new Post(to, "application/json", Json.text(body));
        }
    }

    /**
     * Returns what to post; empty where this tells the service nothing.
     *
     * @throws InvalidException if there is no address
     */
    Optional<Post> post(Notification notification, Scene scene) throws InvalidException;

    /** Returns whether the token goes into a header, and is not part of what is posted. */
    default boolean sendsTokenAsHeader() {
        return true;
    }

    /** Returns whether failures are told at an address of their own. */
    default boolean tellsByAddress() {
        return false;
    }
}
