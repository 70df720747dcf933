package dewy.core.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dewy.api.CancellableCall;
import dewy.api.DewyException;
import dewy.api.ExpiredException;
import dewy.api.Problem;
import dewy.api.RateLimitedException;
import dewy.api.UnreachableException;
import dewy.api.plugin.PluginUrl;
import dewy.api.release.Digest;
import dewy.api.store.Claim;
import dewy.api.store.Entry;
import dewy.api.store.Lease;
import dewy.api.store.Store;
import dewy.api.store.Write;
import dewy.core.backoff.Pause;
import dewy.core.event.EventKind;
import dewy.core.event.EventScope;
import dewy.core.event.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Has one host at a time ask the registry, and all others read what it was answered. Whoever gets a lease asks, and keeps the
 * lease until its term, the window, is over: so the registry is asked at most once in a window, whether it answers or not,
 * whatever the clocks of the hosts say, and another host asks in the next one when this one has died. While the registry is
 * down, what it answered last serves. A host that knows nothing, or only an old answer, waits for the one of whoever has the
 * turn, so that the registry is not asked by all at once after a pause, and asks alone where that one never comes. For one
 * thread.
 */
final class SharedAnswers {
    /** How long an answer is kept that nobody asks for any more. */
    private static final Duration KEPT = Duration.ofHours(24);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    /** Asks the registry itself. */
    @FunctionalInterface
    interface Question {
        /**
         * Asks.
         *
         * @param before what it answered before, as far as that is known
         * @throws DewyException as the registry does
         */
        Reply ask(CancellableCall call, Optional<Answer.Content> before) throws DewyException;
    }

    /**
     * What the registry replies.
     *
     * @param notBefore how long it asks to be left alone
     */
    record Reply(Answer.Content content, Duration notBefore) {}

    private final SharedStore store;
    private final PluginUrl registry;
    private final Duration window;
    private final InstantSource clock;
    private final EventScope events;
    private final Pause pause;
    private Optional<String> unshared = Optional.empty();

    SharedAnswers(
            SharedStore store,
            PluginUrl registry,
            Duration window,
            InstantSource clock,
            EventScope events,
            Pause pause) {
        this.store = store;
        this.registry = registry;
        this.window = window;
        this.clock = clock;
        this.events = events;
        this.pause = pause;
    }

    /**
     * Returns what the registry answered to any host in this window.
     *
     * @param about what is asked, the same for all hosts
     * @param latest what this host has seen already
     */
    Answer ask(CancellableCall call, String about, Optional<Answer> latest, Question question) throws DewyException {
        try {
            return shared(call, key(about), latest, question);
        } catch (SharedStore.UnavailableException e) {
            Reply reply = question.ask(call, latest.flatMap(Answer::content));
            Instant now = clock.instant();
            return Answer.given(store.owner(), now, good(now, reply.notBefore()), latest, reply.content());
        }
    }

    /** Returns whether nobody has asked for long. */
    boolean isOld(Answer answer) {
        return !answer.isGood(clock.instant().minus(window.multipliedBy(2)));
    }

    /** Returns the failure that a host without any answer is told of. */
    UnreachableException unanswered(Answer answer) {
        return new UnreachableException(Problem.of(
                "ask the registry",
                registry,
                answer.by() + " asked it for all hosts: " + answer.failure().orElse(""),
                "It is asked again after " + ReadableTime.of(window)));
    }

    private Answer shared(CancellableCall call, String key, Optional<Answer> latest, Question question)
            throws DewyException, SharedStore.UnavailableException {
        Duration keptToAskAlone = call.remaining().dividedBy(5);
        while (true) {
            Optional<Entry> entry = store.use(call, (brief, held) -> held.read(brief, key));
            Optional<Answer> known = Answer.newer(entry.flatMap(written -> AnswerText.parse(written.value())), latest);
            if (known.isPresent() && known.get().isGood(clock.instant())) {
                return shared(known.get());
            }
            Claim claim = new Claim(key, store.owner(), window);
            Optional<Lease> lease = store.use(call, (brief, held) -> held.acquire(brief, claim));
            if (lease.isPresent()) {
                return new Turn(call, key, entry.map(Entry::revision).orElse(0L), known, lease.get()).ask(question);
            }
            if (known.flatMap(Answer::content).isPresent() && !isOld(known.get())) {
                return known.get(); // Somebody is about to have a newer one.
            }
            if (call.remaining().compareTo(keptToAskAlone) <= 0) {
                throw unshared("the host whose turn it is has not written what it was answered");
            }
            pause.await(call, LOOK_AGAIN);
        }
    }

    private Answer shared(Answer known) throws SharedStore.UnavailableException {
        if (known.unshared().isPresent()) {
            throw unshared(known.unshared().get());
        }
        if (!known.by().equals(store.owner())) {
            unshared = Optional.empty();
        }
        return known;
    }

    private SharedStore.UnavailableException unshared(String why) {
        tellUnshared(why);
        return new SharedStore.UnavailableException(why);
    }

    private Instant good(Instant asked, Duration notBefore) {
        return asked.plus(notBefore.compareTo(window) > 0 ? notBefore : window);
    }

    private void tellUnshared(String why) {
        if (!unshared.equals(Optional.of(why))) {
            events.publish(EventKind.REGISTRY_UNSHARED, why);
            unshared = Optional.of(why);
        }
    }

    /** Returns the key of an answer. Hosts with another registry under the same name of an app have other keys. */
    private String key(String about) {
        return "registry/"
                + Digest.of((registry + "\n" + about).getBytes(UTF_8)).hex();
    }

    /** This host asks. */
    private final class Turn {
        private final CancellableCall call;
        private final String key;
        private final long revision;
        private final Optional<Answer> before;
        private final Lease lease;
        private final Instant asked = clock.instant();

        Turn(CancellableCall call, String key, long revision, Optional<Answer> before, Lease lease) {
            this.call = call;
            this.key = key;
            this.revision = revision;
            this.before = before;
            this.lease = lease;
        }

        Answer ask(Question question) throws DewyException {
            // There is to be time left to serve what was answered before.
            try (CancellableCall asking =
                    call.within(call.remaining().multipliedBy(3).dividedBy(4))) {
                Reply reply = question.ask(asking, before.flatMap(Answer::content));
                Answer answer =
                        Answer.given(store.owner(), asked, good(asked, reply.notBefore()), before, reply.content());
                share(answer);
                return answer;
            } catch (RateLimitedException e) {
                return goOn(Duration.between(asked, e.until()), e);
            } catch (UnreachableException | ExpiredException e) {
                call.check();
                return goOn(Duration.ZERO, e);
            } catch (DewyException e) {
                // It may be this host alone whose credentials are wrong, or which asks for what is not there yet.
                store.attempt(call, (brief, held) -> held.release(brief, lease));
                throw e;
            }
        }

        private Answer goOn(Duration notBefore, DewyException e) throws DewyException {
            Answer answer = Answer.failed(
                    store.owner(),
                    asked,
                    good(asked, notBefore),
                    before,
                    e.problem().sentence());
            write(answer);
            if (answer.content().isEmpty()) {
                throw e;
            }
            return answer;
        }

        private void share(Answer answer) throws DewyException {
            String text = AnswerText.format(answer, Store.LONGEST_VALUE);
            if (answer.content().orElseThrow().selected()) {
                refuse("the registry selects for each host itself");
            } else if (text.length() > Store.LONGEST_VALUE) {
                refuse("what the registry answers is too long for the store, which takes " + Store.LONGEST_VALUE
                        + " bytes");
            } else {
                unshared = Optional.empty();
                write(text);
            }
        }

        private void refuse(String why) throws DewyException {
            tellUnshared(why);
            write(Answer.unshared(store.owner(), asked, asked.plus(window), before, why));
        }

        private void write(Answer answer) throws DewyException {
            write(AnswerText.format(answer, Store.LONGEST_VALUE));
        }

        /** What cannot be written is asked anew by the others. */
        private void write(String text) throws DewyException {
            Write write = new Write(key, text, revision, Optional.of(KEPT), Optional.of(lease));
            store.attempt(call, (brief, held) -> held.compareAndSet(brief, write));
        }
    }
}
