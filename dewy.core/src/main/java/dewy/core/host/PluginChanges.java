package dewy.core.host;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.EventStream;
import java.util.concurrent.locks.ReentrantLock;

/** Has one change of plugins be made after the other, and tells those that fail. Safe for use by several threads. */
final class PluginChanges {
    private final EventStream events;
    private final ReentrantLock changing = new ReentrantLock();

    /** One of them. */
    interface Change<R> {
        R make() throws DewyException;
    }

    PluginChanges(EventStream events) {
        this.events = events;
    }

    /** Makes a change when its turn has come; a failure is told. */
    <R> R make(String what, String actor, Change<R> change) throws DewyException {
        changing.lock();
        try {
            return told(what, actor, change);
        } finally {
            changing.unlock();
        }
    }

    /** Does what comes before a change, and needs no turn; a failure is told, but not that somebody cancelled it. */
    <R> R told(String what, String actor, Change<R> change) throws DewyException {
        try {
            return change.make();
        } catch (CancelledException e) {
            throw e;
        } catch (DewyException e) {
            refused(what, actor, e);
            throw e;
        }
    }

    /** Tells that a change was refused. */
    void refused(String what, String actor, DewyException e) {
        scope(actor).publish(EventKind.PLUGIN_CHANGE_REFUSED, what, e.problem().sentence());
    }

    /** Returns where what is done for somebody is told. */
    EventScope scope(String actor) {
        return events.scope("").during("", "command", actor);
    }
}
