package dewy.api.control;

import dewy.api.DewyException;
import dewy.api.proxy.Admission;
import dewy.api.runtime.ReplicaStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The agent, as the launcher, the shell and the admin interface see it. What takes a while is one of its
 * {@linkplain #operations operations}, also where a method here waits for its end: who is interrupted while waiting ends the
 * waiting only. Safe for use by several threads.
 */
@ProviderType
public interface Agent {
    /**
     * Takes on an app and starts its first cycle in the background.
     *
     * @return the name it goes by
     * @throws dewy.api.InvalidException if the definition is wrong, no plugin answers to one of its schemes, or the name
     *     is taken
     * @throws dewy.api.StorageException if its directory cannot be used
     */
    String add(AppDefinition definition) throws DewyException;

    /**
     * Says that the apps of the start are added. The service manager that started the agent, if there is one, is told that it is
     * ready once each of them serves again what was deployed before, or cannot.
     */
    void ready();

    /**
     * Checks a definition, as {@link #add} does, without changing anything.
     *
     * @return the name that the app would go by
     * @throws dewy.api.InvalidException if the definition is wrong, or no plugin answers to one of its schemes
     */
    String check(AppDefinition definition) throws DewyException;

    /**
     * Requires that no other agent has the directory of an app, before anything is begun. It is for an app that this agent
     * does not have.
     *
     * @throws dewy.api.InvalidException if one has it, or the definition is wrong
     * @throws dewy.api.StorageException if its directory cannot be used
     */
    void requireFree(AppDefinition definition) throws DewyException;

    /**
     * Changes the definition of an app. What runs of it goes on, and is replaced without losing a request where it is to
     * be run otherwise; with another directory, command, or plugin for runtime or proxy it is stopped, and the app begins
     * anew.
     *
     * @throws dewy.api.NotFoundException if there is no app of the definition's name
     * @throws dewy.api.InvalidException if the definition is wrong; the app is as it was
     * @throws dewy.api.StorageException if its directory cannot be used; the app is as it was
     */
    void change(AppDefinition definition) throws DewyException;

    /**
     * Notes that what is written down anew is wrong, so that what was written there before stays in force; empty once it
     * is not. The status of its apps shows it.
     *
     * @param origin where it is written, as {@link AppDefinition#origin} has it
     */
    void refused(String origin, Optional<String> why);

    /**
     * Returns the definition of an app that is in force.
     *
     * @throws dewy.api.NotFoundException if there is no such app
     */
    AppDefinition definition(String app) throws DewyException;

    /** Stops an app and forgets it; its files stay. */
    void remove(String app) throws DewyException;

    /** Returns how far its life is: while it starts or stops there may be fewer apps than are its own. */
    AgentPhase phase();

    /** Returns how all apps are doing, by name. */
    List<AppStatus> apps();

    /**
     * Returns how one app is doing.
     *
     * @throws dewy.api.NotFoundException if there is no such app
     */
    AppStatus app(String app) throws DewyException;

    /** Returns what the cycles of all apps came to, by name. */
    List<CycleStatistics> cycles();

    /**
     * Runs a cycle at once, and returns its outcome when it is over.
     *
     * @param actor who asks for it, for the records
     * @throws dewy.api.NotFoundException if there is no such app
     */
    CycleOutcome deploy(String app, String actor) throws DewyException;

    /**
     * Deploys that version of an app, from the registry, also one that the app would not take by itself. The app stays
     * there, as after {@link #rollback}, unless it is the newest one that the app would take.
     *
     * @param version as its tag is written
     */
    CycleOutcome deploy(String app, String version, String actor) throws DewyException;

    /**
     * Has an app go back to a release, and stay there until it is unpinned, also after the agent is started again.
     *
     * @param version one whose folder is still there or that the registry has; empty for the last good one before
     */
    CycleOutcome rollback(String app, Optional<String> version, String actor) throws DewyException;

    /** Has an app take new releases again, and runs a cycle at once. */
    CycleOutcome unpin(String app, String actor) throws DewyException;

    /** Gives releases of an app that failed another try, and runs a cycle at once. */
    CycleOutcome retry(String app, String actor) throws DewyException;

    /**
     * Returns what the first cycle of an app would come to, without doing any of it; there may be another agent that has
     * the app.
     *
     * @throws dewy.api.InvalidException if the definition is wrong, or no plugin answers to one of its schemes
     */
    CycleOutcome foresee(AppDefinition definition) throws DewyException;

    /** Returns what a cycle of an app would come to now, without doing any of it. */
    CycleOutcome foresee(String app, String actor) throws DewyException;

    /** Replaces the running generation of an app by a new one of the same release, and returns when that is ready. */
    void restart(String app, String actor) throws DewyException;

    /**
     * Has an app look for no new releases until it is resumed, also after the agent is started again; what serves goes on,
     * and {@link #deploy} still does what it is asked. Holds at once; what is being done already goes on, and is not waited
     * for.
     *
     * @return what is being done, if anything is
     */
    Optional<Operation> pause(String app, String actor) throws DewyException;

    /** Ends a pause, and has the app look at once. Does nothing to an app that is not paused. */
    void resume(String app, String actor) throws DewyException;

    /**
     * Returns how each replica of an app is doing.
     *
     * @throws dewy.api.NotFoundException if there is no such app
     * @throws dewy.api.InvalidException if the app does not run as replicas
     */
    List<ReplicaStatus> replicas(String app) throws DewyException;

    /**
     * Returns how the proxy of an app is doing.
     *
     * @throws dewy.api.NotFoundException if there is no such app
     * @throws dewy.api.InvalidException if the app has no proxy
     */
    ProxyStatus proxy(String app) throws DewyException;

    /**
     * Has the proxy of an app serve, hold or refuse what arrives for it from now on, until it is told otherwise.
     *
     * @throws dewy.api.NotFoundException if there is no such app
     * @throws dewy.api.InvalidException if the app has no proxy, or one that can only serve
     */
    void admit(String app, Admission admission, String actor) throws DewyException;

    /** Returns the releases of an app whose folders are complete, the one deployed last first. */
    List<DeployedRelease> releases(String app) throws DewyException;

    /** Returns how the deployments of an app ended, the newest 100 at most, the last one first. */
    List<PastDeployment> history(String app) throws DewyException;

    /**
     * Sends a test message by each notifier of an app.
     *
     * @return what went wrong, by the notifier's URL; an empty text where nothing did
     */
    Map<String, String> testNotifiers(String app, String actor) throws DewyException;

    /** Returns what it does that takes a while, and what it has done. */
    Operations operations();

    /** Returns the plugins. */
    Plugins plugins();

    /** Returns the evidence of deployments that failed. */
    Capsules capsules();

    /** Returns who changed what. */
    Audit audit();

    /** Returns how long {@link #stop} takes at the longest, now. */
    Duration stopLimit();

    /** Stops all apps, gracefully, and returns when nothing of theirs runs any more; the agent takes on no more work. */
    void stop(String reason);

    /**
     * Kills what {@link #stop} waits for, and would wait for if it had begun, but for what is to be left running. Returns soon;
     * to be called on another thread.
     */
    void cutStopShort();
}
