// @ts-check
/** How an app is doing: what is wrong, since when, what serves, and what to do about it. */

import { many, sentence } from "./words.js";

/**
 * @typedef {{level: import("./page.js").Level, word: string}} Health
 * @typedef {{key: string, app: string, level: "bad" | "warn", what: string, since?: string, serves: string, todo: string,
 *     offers: string[], capsule?: string}} Trouble
 */

const DOWN = ["failed", "backing-off"];

/** @param {any} app @returns {Health} */
export function health(app) {
    const worst = troubles(app).map((trouble) => trouble.level);
    const state = app.runtime?.state;
    if (DOWN.includes(state)) {
        return { level: "bad", word: state === "failed" ? "down" : "crashed, starting again" };
    }
    if (app.operation && app.operation.step !== "wait") {
        return { level: "busy", word: app.operation.what === "deploy" ? words(app.state) : `${words(app.operation.what)} under way` };
    }
    if (worst.includes("bad")) {
        return { level: "bad", word: app.current ? "serving, but failing" : "failing" };
    }
    if (worst.length > 0) {
        return { level: "warn", word: app.state === "degraded" ? "degraded" : "needs a look" };
    }
    if (app.paused || app.pinned) {
        return { level: "idle", word: app.paused ? "paused" : "pinned" };
    }
    if (!app.current) {
        return { level: "idle", word: app.last ? "nothing deployed yet" : "starting" };
    }
    return { level: "good", word: state ?? "deployed" };
}

/** @param {any} app @param {any[]} [history] its deployments, the last one first, where they are known @returns {Trouble[]} */
export function troubles(app, history = []) {
    const serves = app.current ? `${app.current.version} ${app.runtime ? "serves" : "is deployed"}` : "nothing is deployed";
    /** @type {Trouble[]} */
    const found = [];
    const add = (/** @type {Partial<Trouble> & {what: string}} */ trouble) =>
        found.push({ key: `${app.name} ${found.length}`, app: app.name, level: "warn", serves, todo: "", offers: [], ...trouble });

    if (DOWN.includes(app.runtime?.state)) {
        const isGivenUp = app.runtime.state === "failed";
        add({
            level: "bad",
            what: `It is down: ${app.runtime.detail || "its server ended"}`,
            since: app.runtime.since,
            serves: "nothing serves",
            todo: isGivenUp
                ? "It is not started again by itself. Go back to a release that worked, or restart it."
                : "It is started again by itself, later each time. Go back to a release that worked if it does not stay up.",
            offers: ["rollback", "restart"],
        });
    }
    const quarantined = Object.entries(app.quarantined ?? {});
    for (const [version, why] of quarantined) {
        const past = history.find((deployment) => deployment.version === version && deployment.error);
        add({
            level: "bad",
            what: `${version} is no good: ${why}`,
            since: past?.at,
            todo: `It is left out until it is given another try; a newer version is taken by itself.`,
            offers: ["retry"],
            capsule: past?.capsule ?? (app.last?.version === version ? app.last.capsule : undefined),
        });
    }
    const isOfQuarantined = quarantined.some(([version]) => version === app.last?.version);
    if (app.failures > 0 && app.last?.outcome === "failed" && !isOfQuarantined) {
        add({
            level: "bad",
            what: `${many(app.failures, "check")} in a row failed, the last at ${app.last.step}: ${app.last.reason}`,
            since: failingSince(app, history),
            todo: "It is tried again by itself.",
            offers: ["deploy"],
            capsule: app.last.capsule,
        });
    }
    if (app.missing?.length > 0) {
        add({ what: `A plugin is missing: ${app.missing.join(", ")}`, todo: "What serves goes on. Install or enable the plugin." });
    }
    if (app.refused) {
        add({ what: `What is written of it is refused: ${app.refused}`, todo: "What was in force before still is. Correct the file." });
    }
    for (const notifier of app.failing_notifiers ?? []) {
        const lost = notifier.lost > 0 ? `${many(notifier.lost, "notification")} lost` : "tried again";
        add({
            what: `People are not told by ${notifier.notifier} (${lost}): ${notifier.error}`,
            since: notifier.since,
            todo: "Check the notifier; deployments go on.",
        });
    }
    if (app.admission && app.admission !== "serve") {
        add({
            level: app.admission === "maintenance" ? "bad" : "warn",
            what: app.admission === "maintenance" ? "Its proxy refuses all requests, for maintenance" : "Its proxy holds all requests",
            todo: `Use dewy shell: traffic resume ${app.name}.`,
        });
    }
    return found.map((trouble) => ({ ...trouble, what: sentence(trouble.what) }));
}

/** @param {any} app @param {any[]} history */
function failingSince(app, history) {
    const ofVersion = history.findIndex((deployment) => !deployment.error);
    const failed = ofVersion < 0 ? history : history.slice(0, ofVersion);
    return failed.at(-1)?.at ?? app.last.at;
}

/** @param {string} state @returns {string} */
export function words(state) {
    return state.replaceAll("-", " ");
}

/** What can be done to an app now, by the name of the order. @param {any} app @returns {string[]} */
export function possible(app) {
    return [
        "deploy",
        app.current && "rollback",
        app.pinned && "unpin",
        Object.keys(app.quarantined ?? {}).length > 0 && "retry",
        app.runtime && app.current && "restart",
        app.paused ? "resume" : "pause",
    ].filter(Boolean);
}
