package dewy.http;

import dewy.api.Call;
import dewy.api.DewyException;

/**
 * Who asks: where the credentials of a request come from. They are sent to the origin that a request is for, and no
 * further. Safe for use by several threads.
 */
@FunctionalInterface
public interface Authentication {
    /** Nobody in particular. */
    Authentication NONE = (call, request) -> Credentials.NONE;

    /** Fetches the credentials for a request, which is as it is about to be sent. */
    Credentials credentials(Call call, Request request) throws DewyException;

    /**
     * Is told that the server refused credentials (401), so that any which were kept are not used again. What it wants to be
     * answered, {@link Refusal#challenges} says.
     *
     * @return whether there now are others with which asking once more is worth it
     */
    default boolean refused(Call call, Refusal refusal) throws DewyException {
        return false;
    }
}
