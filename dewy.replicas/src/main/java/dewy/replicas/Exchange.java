package dewy.replicas;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.runtime.Activation;

/** How replicas are exchanged. For one thread at a time: the one that has the {@link Turn}. */
interface Exchange {
    /**
     * Has a new generation take the place of the one that serves, whole. When this throws, the one before serves, and nothing
     * is left of the new one.
     */
    void replace(Call call, Activation activation) throws DewyException;
}
