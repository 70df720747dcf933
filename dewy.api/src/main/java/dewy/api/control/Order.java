package dewy.api.control;

import dewy.api.control.Operation.What;
import dewy.api.release.Digest;
import java.util.Optional;

/**
 * What is asked of the agent that takes a while.
 *
 * @param what what is to be done
 * @param on the app; the symbolic name of a plugin; or the path or URL of the jar of one that is to come
 * @param version the version to deploy or to go back to, where one is named
 * @param digest what a jar must have, where that is known
 * @param replicas how many there are to be of an app; empty for as many as its definition says
 */
public record Order(
        What what, String on, Optional<String> version, Optional<Digest> digest, Optional<Integer> replicas) {
    /** Looks for a new release, and deploys it. */
    public static Order deploy(String app) {
        return of(What.DEPLOY, app);
    }

    /** Deploys that version. */
    public static Order deploy(String app, String version) {
        return of(What.DEPLOY, app, Optional.of(version));
    }

    /** Goes back to that version, or to the last good one before. */
    public static Order rollback(String app, Optional<String> version) {
        return of(What.ROLLBACK, app, version);
    }

    /** Takes new releases again. */
    public static Order unpin(String app) {
        return of(What.UNPIN, app);
    }

    /** Gives releases that failed another try. */
    public static Order retry(String app) {
        return of(What.RETRY, app);
    }

    /** Replaces what runs by a new generation of the same release. */
    public static Order restart(String app) {
        return of(What.RESTART, app);
    }

    /**
     * Has there be another number of replicas, which are ready when it ends. That many there are, also after deployments and
     * after the agent is started again, until it is scaled anew or its definition has it run otherwise; nothing that serves is
     * lost. It cannot be done to an app that does not run as replicas.
     *
     * @param replicas empty for as many as the definition of the app says
     */
    public static Order scale(String app, Optional<Integer> replicas) {
        return new Order(What.SCALE, app, Optional.empty(), Optional.empty(), replicas);
    }

    /**
     * Looks for no new releases until it is resumed, as {@link Agent#pause}. It holds at once: the operation has ended when
     * it is returned.
     */
    public static Order pause(String app) {
        return of(What.PAUSE, app);
    }

    /** Looks for new releases again, as {@link Agent#resume}. It holds at once: the operation has ended when it is returned. */
    public static Order resume(String app) {
        return of(What.RESUME, app);
    }

    /** Installs a plugin that is not there yet. */
    public static Order installPlugin(String jar, Optional<Digest> digest) {
        return ofJar(What.PLUGIN_INSTALL, jar, digest);
    }

    /** Replaces a plugin by a newer version. */
    public static Order updatePlugin(String jar, Optional<Digest> digest) {
        return ofJar(What.PLUGIN_UPDATE, jar, digest);
    }

    /** Goes back to the version of a plugin before. */
    public static Order rollbackPlugin(String bundle) {
        return of(What.PLUGIN_ROLLBACK, bundle);
    }

    /** Removes a plugin that was installed. */
    public static Order removePlugin(String bundle) {
        return of(What.PLUGIN_REMOVE, bundle);
    }

    /** Returns whether it is about a plugin, and not about an app. */
    public boolean isForPlugin() {
        return switch (what) {
            case PLUGIN_INSTALL, PLUGIN_UPDATE, PLUGIN_ROLLBACK, PLUGIN_REMOVE -> true;
            case DEPLOY, ROLLBACK, UNPIN, RETRY, RESTART, SCALE, PAUSE, RESUME -> false;
        };
    }

    private static Order of(What what, String on) {
        return of(what, on, Optional.empty());
    }

    private static Order of(What what, String app, Optional<String> version) {
        return new Order(what, app, version, Optional.empty(), Optional.empty());
    }

    private static Order ofJar(What what, String jar, Optional<Digest> digest) {
        return new Order(what, jar, Optional.empty(), digest, Optional.empty());
    }
}
