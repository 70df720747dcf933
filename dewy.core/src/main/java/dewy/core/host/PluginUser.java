package dewy.core.host;

import dewy.api.DewyException;
import dewy.core.plugin.Offer;
import java.util.List;

/** An app, as one that uses plugins. Safe for use by several threads. */
public interface PluginUser {
    String name();

    /** Returns where the instances come from that it uses now. */
    List<Offer<?>> offers();

    /** Tries whether it could use those of these offers that are for it, without using them. */
    void prove(List<? extends Offer<?>> next) throws DewyException;

    /**
     * Uses those of these offers that are for it, and no others until it is {@linkplain #release released}: from between two
     * cycles on. A cycle that goes on for long is ended, and begins anew afterwards.
     *
     * @throws DewyException if it cannot; it uses what it used before then
     */
    void moveTo(List<? extends Offer<?>> next) throws DewyException;

    /** Uses the best of each again. */
    void release();
}
