// @ts-check
/**
 * What the agent last answered to the questions of the page that is shown. Each is asked again when its answer is old, or when
 * an event tells that it is another one now; but never so often that answering takes a tenth of the time.
 */

import { Refusal, get, token } from "./agent.js";

const LEAST_MILLIS = 250;
const SHARE = 10;

/** @typedef {{value?: any, problem?: string, isRefused: boolean, asked: number, took: number, isAsking: boolean, isStale: boolean}} Kept */

export class Answers {
    /** @type {Map<string, Kept>} */
    #kept = new Map();
    /** @type {[string, number][]} */
    #wanted = [];
    #changed;

    /** @param {(path: string, value: any) => void} changed is told of each answer */
    constructor(changed) {
        this.#changed = changed;
    }

    /** Says what is asked for from now on, and how many seconds an answer is good; forgets the rest. @param {[string, number][]} wanted */
    want(wanted) {
        this.#wanted = wanted;
        const paths = new Set(wanted.map(([path]) => path));
        for (const path of this.#kept.keys()) {
            if (!paths.has(path)) {
                this.#kept.delete(path);
            }
        }
    }

    /** @param {(path: string) => boolean} isConcerned */
    stale(isConcerned) {
        for (const [path, kept] of this.#kept) {
            kept.isStale ||= isConcerned(path);
        }
    }

    /** Asks what is due. */
    tick() {
        const now = performance.now();
        for (const [path, seconds] of this.#wanted) {
            const kept = this.#kept.get(path) ?? { isRefused: false, asked: -Infinity, took: 0, isAsking: false, isStale: true };
            this.#kept.set(path, kept);
            const age = now - kept.asked;
            const isDue = kept.isStale ? age >= LEAST_MILLIS : age >= seconds * 1000 - 50;
            if (isDue && age >= kept.took * SHARE && !kept.isAsking) {
                this.#ask(path, kept);
            }
        }
    }

    /** @param {string} path @returns {any} the last answer, if there is one */
    of(path) {
        return this.#kept.get(path)?.value;
    }

    /** @param {string} path */
    isRefused(path) {
        return this.#kept.get(path)?.isRefused ?? false;
    }

    /** @param {string} path @returns {string | undefined} */
    problem(path) {
        return this.#kept.get(path)?.problem;
    }

    /** @param {string} path @param {Kept} kept */
    async #ask(path, kept) {
        const begun = performance.now();
        Object.assign(kept, { isAsking: true, isStale: false, asked: begun });
        try {
            kept.value = await get(path);
            Object.assign(kept, { problem: undefined, isRefused: false });
        } catch (e) {
            kept.problem = e instanceof Error ? e.message : String(e);
            kept.isRefused = e instanceof Refusal && e.needsToken;
            if (e instanceof Refusal) {
                kept.value = undefined; // What is not there any more is not shown as if it were.
            }
            if (kept.isRefused && token.get()) {
                token.forget(); // It is none any more, and whoever sends a wrong one is answered nothing at all.
                kept.isStale = true;
            }
        }
        Object.assign(kept, { isAsking: false, took: performance.now() - begun });
        this.#changed(path, kept.value);
    }
}
