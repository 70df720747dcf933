package dewy.core.cycle;

import dewy.api.CancelledException;
import dewy.api.DewyException;
import dewy.api.NotYetThereException;
import dewy.api.RateLimitedException;
import dewy.core.event.EventKind;
import java.time.Duration;
import java.time.InstantSource;

/** Decides what it means for a cycle that something failed. For one thread. */
final class Verdicts {
    /** A limit that is over already is one of a service whose clock is slow: it would be asked again and again. */
    private static final Duration LEAST_LIMIT = Duration.ofSeconds(1);

    private final ReleaseBackoff backoff;
    private final InstantSource clock;
    private Duration rateLimit = Duration.ZERO;

    Verdicts(ReleaseBackoff backoff, InstantSource clock) {
        this.backoff = backoff;
        this.clock = clock;
    }

    /** Work that comes to a verdict. */
    interface Work {
        Verdict run() throws DewyException;
    }

    /** Returns what work comes to, also when it fails. */
    Verdict of(Pass pass, Work work) {
        rateLimit = Duration.ZERO;
        try {
            return work.run();
        } catch (DewyException e) {
            return of(pass, e);
        }
    }

    Verdict of(Pass pass, DewyException e) {
        if (e instanceof NotYetThereException notYet) {
            return new Verdict.TryLater(pass.step(), e.problem().sentence(), notYet.retryAfter(), pass.tag());
        }
        if (e instanceof RateLimitedException limited) {
            Duration wait = Duration.between(clock.instant(), limited.until());
            rateLimit = wait.compareTo(LEAST_LIMIT) < 0 ? LEAST_LIMIT : wait;
            pass.events().publish(EventKind.CYCLE_LIMITED, e.problem().sentence(), rateLimit);
            return new Verdict.TryLater(pass.step(), e.problem().sentence(), rateLimit, pass.tag());
        }
        if (e instanceof CancelledException && pass.cancelledBy().isPresent()) {
            return new Verdict.Cancelled(pass.step(), pass.cancelledBy().get(), pass.tag(), pass.isLeftAlone());
        }
        if (e instanceof CancelledException) {
            return new Verdict.Interrupted(pass.step(), e.problem().why(), pass.tag());
        }
        if (e instanceof MistakenException) {
            return new Verdict.Refused(pass.step(), e);
        }
        Duration wait = pass.tag().map(backoff::left).orElse(Duration.ZERO);
        return new Verdict.Failed(pass.step(), e, pass.tag(), wait);
    }

    /** Returns for how long nobody is to be asked any more, as the last failure said. */
    Duration rateLimit() {
        return rateLimit;
    }
}
