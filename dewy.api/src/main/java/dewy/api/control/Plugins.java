package dewy.api.control;

import dewy.api.DewyException;
import dewy.api.release.Digest;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The plugins of the agent. What changes them happens one after the other, takes effect while apps serve, and holds when the
 * agent is started again. Safe for use by several threads.
 */
@ProviderType
public interface Plugins {
    /** Returns all plugins, also those that are not started, by kind and scheme. */
    List<PluginStatus> list();

    /**
     * Returns what the bundles of a name offer, the newest version first.
     *
     * @param bundle a symbolic name, or a scheme
     * @throws dewy.api.NotFoundException if there is none
     */
    List<PluginStatus> find(String bundle) throws DewyException;

    /**
     * Returns why the bundles of a name are not in use, or that they are: sentences for people.
     *
     * @param bundle a symbolic name, or a scheme
     * @throws dewy.api.NotFoundException if there is none
     */
    List<String> why(String bundle) throws DewyException;

    /**
     * Installs a plugin whose bundle is not there yet. It is started and tried; the apps that it is better for, by ranking or
     * version, move to it.
     *
     * @param source the path of a jar, or an {@code https} URL
     * @param digest what the jar must have; needed for a URL
     * @param actor who asks for it, for the records
     * @return what it offers
     * @throws dewy.api.InvalidException if the jar is no plugin, is there already, or fails when it is tried; all is as before
     */
    List<PluginStatus> install(String source, Optional<Digest> digest, String actor) throws DewyException;

    /**
     * Replaces a plugin by a newer version. Each app that uses it is handed over between two cycles; when a step fails for one
     * of them, all are back with the version before.
     *
     * @param source the path of a jar, or an {@code https} URL
     * @param digest what the jar must have; needed for a URL
     * @param actor who asks for it, for the records
     * @return what it offers
     * @throws dewy.api.InvalidException if it is not newer, offers less than what is in use, or fails when it is tried; all is
     *     as before
     */
    List<PluginStatus> update(String source, Optional<Digest> digest, String actor) throws DewyException;

    /**
     * Goes back to the version of a plugin that was replaced last, or to the one that came with the launcher where that is newer,
     * under the same proof and handover as an update. What it is gone back from is kept, so that a second time goes forward
     * again. A plugin that was disabled is enabled by it.
     *
     * @param bundle a symbolic name
     * @param actor who asks for it, for the records
     * @return what the version offers that is in use now
     * @throws dewy.api.InvalidException if no other version is kept, or it fails when it is tried; all is as before
     */
    List<PluginStatus> rollback(String bundle, String actor) throws DewyException;

    /**
     * Removes a plugin that was installed, also one that is disabled. Apps that use it move to the next best one first.
     *
     * @param bundle a symbolic name
     * @throws dewy.api.InvalidException if it came with the launcher, or apps need it and there is no other; all is as before
     */
    void remove(String bundle, String actor) throws DewyException;

    /** Has a plugin be used again that was disabled. */
    void enable(String bundle, String actor) throws DewyException;

    /**
     * Has a plugin not be used until it is enabled. Apps that use it move to the next best one first; those for which there is
     * none go on serving, degraded.
     */
    void disable(String bundle, String actor) throws DewyException;
}
