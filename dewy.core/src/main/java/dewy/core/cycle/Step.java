package dewy.core.cycle;

import dewy.api.DewyException;

/**
 * How a step of a deploy cycle ends: the cycle carries on with what the step made, or stops with a verdict.
 *
 * @param <T> what the step made
 */
sealed interface Step<T> {
    <R> Step<R> then(Next<T, Step<R>> next) throws DewyException;

    Verdict end(Next<T, Verdict> last) throws DewyException;

    /** A step that follows another. */
    @FunctionalInterface
    interface Next<T, R> {
        R from(T value) throws DewyException;
    }

    /** The cycle carries on. */
    record Go<T>(T value) implements Step<T> {
        @Override
        public <R> Step<R> then(Next<T, Step<R>> next) throws DewyException {
            return next.from(value);
        }

        @Override
        public Verdict end(Next<T, Verdict> last) throws DewyException {
            return last.from(value);
        }
    }

    /** The cycle is over. */
    record Stop<T>(Verdict verdict) implements Step<T> {
        @Override
        public <R> Step<R> then(Next<T, Step<R>> next) {
            return new Stop<>(verdict);
        }

        @Override
        public Verdict end(Next<T, Verdict> last) {
            return verdict;
        }
    }
}
