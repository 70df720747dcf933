// @ts-check
/** The page of one app. */

import { button, h, lamp, panel, table, when } from "./page.js";
import { health, possible, troubles, words } from "./verdict.js";
import { bytes, capital, latency, length, many, number, relative, secondsSince, sentence, took } from "./words.js";

/** @typedef {import("./page.js").Child} Child */

const STEPS = ["poll", "select", "gate", "fetch", "prepare", "activate", "settle"];
export const LABELS = {
    deploy: "Deploy…", rollback: "Roll back…", unpin: "Unpin…", retry: "Retry…", restart: "Restart…", pause: "Pause…",
    resume: "Resume…",
};

/** The paths that the page is made of, and after how many seconds each is asked for again. @param {any} app */
export function needs(app) {
    const path = `/api/apps/${encodeURIComponent(app.name)}`;
    const isBusy = Boolean(app.operation);
    return [
        [path, isBusy ? 0.5 : 5],
        [`${path}/explain`, isBusy ? 2 : 5],
        [`${path}/history`, 30],
        ...(app.admission ? [[`${path}/proxy`, 2]] : []),
        ...(app.command === "container" ? [[`${path}/containers`, 5]] : []),
    ];
}

/**
 * @param {any} app how it is doing
 * @param {{history?: any[], explain?: any, proxy?: any, containers?: any[], rates: Rates}} known
 * @returns {Child[]}
 */
export function appPage(app, { history, explain, proxy, containers, rates }) {
    return [
        h("div", { class: "title", "data-key": "title" },
            h("h1", { tabindex: "-1", id: "heading" }, app.name),
            state(app),
            h("div", { class: "buttons", role: "group", "aria-label": `What to do with ${app.name}` },
                Object.entries(LABELS)
                    .filter(([what]) => possible(app).includes(what))
                    .map(([what, label]) => button(what, label, { "data-app": app.name })))),
        h("p", { class: "place", "data-key": "place" }, `${app.command} in ${app.directory}, from ${app.registry}`),
        ...troubles(app, history).map(trouble),
        h("div", { class: "columns", "data-key": "columns" },
            h("div", {},
                serving(app, proxy, rates),
                why(explain)),
            h("div", {},
                cycle(app, rates),
                proxy && backends(proxy, rates),
                containers && replicas(containers))),
        timeline(app, history),
    ];
}

/** @param {any} app @returns {Node} */
export function state(app) {
    const { level, word } = health(app);
    return lamp(level, word);
}

/** @param {import("./verdict.js").Trouble} found */
export function trouble(found) {
    return h("section", { class: `trouble ${found.level}`, "data-key": `trouble ${found.key}`, "aria-label": `Trouble of ${found.app}` },
        h("p", { class: "what" },
            lamp(found.level, h("b", {}, found.app), " ", h("span", { class: "reason" }, found.what))),
        h("p", {},
            found.since && h("span", {}, "Since ", when(found.since, "clock"), ` (${relative(found.since)}). `),
            sentence(found.serves), " ", found.todo),
        h("div", { class: "buttons" },
            found.capsule && h("a", { class: "button", href: `#/capsules/${encodeURIComponent(found.capsule)}` }, "Evidence"),
            found.offers.map((what) =>
                button(what, LABELS[/** @type {keyof LABELS} */ (what)], {
                    "data-app": found.app, "aria-label": `${LABELS[/** @type {keyof LABELS} */ (what)]} ${found.app}`,
                }))));
}

/** @param {any} app @param {any} proxy @param {Rates} rates */
function serving(app, proxy, rates) {
    const current = app.current;
    const runtime = app.runtime;
    const facts = [
        ["Version", current ? h("span", { class: "version" }, current.version) : "nothing yet"],
        ["Deployed", current ? [when(current.since), current.signer ? `, signed by ${current.signer}` : ""] : "–"],
        ...(runtime ? [["Running", [words(runtime.state), " for ", length(secondsSince(runtime.since)),
            runtime.crashes > 0 ? `, crashed ${many(runtime.crashes, "time")}` : ""]]] : []),
        ...(runtime ? [["Instances", runtime.instances.join(", ") || "none"]] : []),
        ...(proxy ? [["Requests", [number(proxy.statistics.requests), rates.shown(`${app.name} requests`, ", ", "/s")]]] : []),
        ...(proxy ? [["Not served", number(proxy.statistics.failed)]] : []),
        ["Stays at", app.pinned ?? "the newest"],
        ["Next check", app.next ? when(app.next) : app.paused ? "paused" : "now"],
    ];
    return panel("Serving",
        h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))));
}

/** @param {any} explain */
function why(explain) {
    return panel("Why",
        h("ul", { class: "why" }, (explain?.explanation ?? []).map((/** @type {string} */ line) => h("li", {}, line))));
}

/** The steps of a cycle, the one that goes on or that was the last. @param {any} app @param {Rates} rates */
function cycle(app, rates) {
    const now = app.operation;
    const last = app.last;
    const at = now?.step ?? last?.step;
    const steps = STEPS.includes(at) || !at ? STEPS : [at];
    const reached = steps.indexOf(at);
    const isWrong = !now && last?.outcome === "failed";
    const items = steps.map((step, i) => {
        const isHere = i === reached;
        const level = isHere ? (now ? "busy" : isWrong ? "bad" : "good") : i < reached ? "good" : "idle";
        const told = isHere ? (now ? "goes on" : isWrong ? "failed" : "was the last") : i < reached ? "done" : "not reached";
        return h("li", { class: level, "aria-current": isHere && now ? "step" : undefined }, step,
            h("span", { class: "unseen" }, ` (${told})`));
    });
    const part = now?.progress;
    return panel("Cycle",
        h("ol", { class: "steps", "aria-label": "Steps of the cycle" }, items),
        h("div", { class: "progress" },
            h("progress", {
                "aria-label": part ? part.what : "progress",
                max: part?.total || 1,
                value: part ? (part.total ? part.done : undefined) : now ? undefined : 0,
            }),
            h("p", {}, now ? goingOn(now, rates) : outcome(last)),
            now && now.step !== "wait" && !["pause", "resume"].includes(now.what)
                ? button("cancel", "Cancel…", { "data-id": now.id, "data-app": app.name })
                : h("span", { "data-key": "none" })),
        (app.waiting ?? []).map((/** @type {any} */ next) =>
            h("p", {}, `Then: ${words(next.what)} by ${next.actor}. `, button("cancel", "Cancel…", { "data-id": next.id, "data-app": app.name }))));
}

/** @param {any} now @param {Rates} rates */
function goingOn(now, rates) {
    const part = now.progress;
    const what = `${capital(words(now.what))}${now.version ? ` of ${now.version}` : ""} by ${now.actor}, at ${now.step}`
        + ` for ${length(secondsSince(now.since))}`;
    if (!part) {
        return what;
    }
    const total = part.total ? ` of ${bytes(part.total)} (${Math.floor((part.done * 100) / part.total)} %)` : "";
    return `${what}: ${part.what} ${bytes(part.done)}${total}${rates.shown(now.id + part.what, ", ", "/s", bytes)}`;
}

/** @param {any} last */
function outcome(last) {
    return last
        ? [when(last.at), `: ${words(last.outcome)}${last.version ? ` (${last.version})` : ""}. `, sentence(last.reason), " ", evidence(last.capsule)]
        : "The first check is not over yet.";
}

/** @param {string | undefined} capsule @param {string} [of] */
export function evidence(capsule, of = "") {
    return capsule && h("a", { href: `#/capsules/${encodeURIComponent(capsule)}` }, "Evidence",
        of && h("span", { class: "unseen" }, ` of ${of}`));
}

/** @param {any} app @param {any[] | undefined} history */
function timeline(app, history) {
    const rows = (history ?? []).map((past) => ({
        key: past.deploy_id || past.at,
        cells: [
            when(past.at, "clock"),
            h("span", { class: "version" }, past.version),
            past.cancelled ? lamp("idle", "cancelled") : past.error ? lamp("bad", "failed") : lamp("good", "deployed"),
            past.seconds === undefined ? "–" : took(past.seconds),
            [past.actor || "unknown", past.cause && h("small", {}, ` ${past.cause}`)],
            h("span", { class: "reason" }, past.error ?? past.reason ?? (past.previous ? `after ${past.previous}` : "first one")),
            evidence(past.capsule, `${past.version}, ${past.at}`) || "–",
        ],
    }));
    return panel("Deployments",
        table(`Deployments of ${app.name}`, ["When", "Version", "Outcome", "Took", "By", "Reason", "Evidence"], rows,
            history ? "No deployment yet." : "…"));
}

/** @param {any} proxy @param {Rates} rates */
function backends(proxy, rates) {
    const rows = proxy.statistics.backends
        .slice()
        .sort((/** @type {any} */ a, /** @type {any} */ b) => b.version.localeCompare(a.version))
        .map((/** @type {any} */ backend) => ({
            key: backend.backend,
            cells: [
                h("span", { class: "version" }, backend.version || "unknown"),
                backend.backend,
                backend.state === "healthy" ? lamp("good", "healthy") : lamp("warn", backend.state),
                number(backend.active),
                rates.shown(`${proxy.app} ${backend.backend}`, "", "/s") || "–",
                number(backend.errors),
                times(backend.latency),
            ],
        }));
    const places = proxy.listeners.map((/** @type {any} */ listener) => listener.name).join(", ");
    return panel("Backends",
        h("p", { class: "place" }, `${proxy.proxy} at ${places}${proxy.hosts.length > 0 ? `, for ${proxy.hosts.join(", ")}` : ""}`),
        table("Backends by version", ["Version", "Backend", "State", "In flight", "Rate", "Errors", "p50 / p99"], rows,
            "No backend: nothing serves."));
}

/** @param {{count: number, p50?: number, p99?: number}} took in seconds; without the times where there were no requests */
function times({ p50, p99 }) {
    return p50 === undefined || p99 === undefined ? "–" : `${latency(p50)} / ${latency(p99)}`;
}

/** @param {any[]} containers */
export function replicas(containers) {
    const rows = containers.map((one) => ({
        key: one.id || one.name,
        cells: [
            one.app ? [h("a", { href: `#/apps/${encodeURIComponent(one.app)}` }, one.app), ` ${one.name}`] : one.name,
            h("span", { class: "version" }, one.version),
            lamp(one.state === "running" ? "good" : ["unhealthy", "exited"].includes(one.state) ? "bad" : "idle", one.state),
            one.health ?? "–",
            number(one.restarts),
            one.started ? when(one.started) : "never",
        ],
    }));
    return panel("Containers", table("Containers", ["Name", "Version", "State", "Health", "Restarts", "Started"], rows, "No container runs."));
}

/** How fast counters grow, from one reading to the next. */
export class Rates {
    /** @type {Map<string, {at: number, count: number, rate?: number}>} */
    #readings = new Map();

    /** @param {string} name @param {number} count */
    note(name, count) {
        const before = this.#readings.get(name);
        const at = performance.now();
        if (!before || count < before.count) {
            this.#readings.set(name, { at, count });
        } else if (at - before.at >= 400) {
            this.#readings.set(name, { at, count, rate: ((count - before.count) * 1000) / (at - before.at) });
        }
    }

    /** @param {string} name @param {string} before @param {string} unit @param {(count: number) => string} [write] @returns {string} empty after one reading only */
    shown(name, before, unit, write = number) {
        const rate = this.#readings.get(name)?.rate;
        return rate === undefined ? "" : `${before}${write(rate)}${unit}`;
    }
}
