// @ts-check
/**
 * The dashboard: what the agent does, and what it is told to do. The page follows the agent's events, asks for what they
 * concern, and draws itself anew; when the agent is gone it says so, and goes on when it is back.
 */

import { Refusal, follow, get, token } from "./agent.js";
import { Answers } from "./answers.js";
import { Rates, appPage, needs } from "./app.js";
import { askForToken, cancel, order } from "./dialogs.js";
import { Log } from "./log.js";
import { h, lamp, show, when } from "./page.js";
import { auditPage, capsulePage, needsToken, operationsPage, overview, pluginsPage, summary } from "./pages.js";
import { troubles, words } from "./verdict.js";
import { capital, sentence } from "./words.js";

const TICK_MILLIS = 250;
const DRAWING_SHARE = 5;
const LONGEST_PAUSE_MILLIS = 10_000;
const EVENTS_BEFORE = 300;
const NOTICE_MILLIS = 12_000;
const MOST_NOTICES = 4;
const MOST_HISTORIES = 10;
const PAGES = { "": "Apps", operations: "Operations", plugins: "Plugins", audit: "Audit" };

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const rates = new Rates();
const log = new Log(element("lines"), element("scroll"));
const answers = new Answers(learn);

/** @type {{agent?: any, link: "first" | "live" | "gone" | "locked", since: string, next: number, filter: string}} */
const state = { link: "first", since: new Date().toISOString(), next: 1, filter: "" };
let isDrawing = false;
let drawingTook = 0;
let drawnAt = 0;
let unlock = () => {};

async function main() {
    listen();
    setInterval(tick, TICK_MILLIS);
    for (let failures = 0; ; failures++) {
        try {
            meet(await get("/api/status"));
            failures = 0;
            await follow(state.next, hear);
        } catch (e) {
            await lose(e, failures);
        }
    }
}

/** The agent answers: the same as before, or another one, whose events are numbered anew. @param {any} agent */
function meet(agent) {
    if (state.agent?.started !== agent.started || agent.newest_event < state.next - 1) {
        log.clear();
        state.next = Math.max(1, agent.newest_event - EVENTS_BEFORE);
        if (state.agent) {
            say("good", `Dewy ${agent.version} was started on ${agent.host}.`);
        }
    }
    Object.assign(state, { agent, link: "live", since: new Date().toISOString() });
    answers.stale(() => true);
    tick();
}

/** @param {unknown} why @param {number} failures how often it was tried in vain already */
async function lose(why, failures) {
    if (why instanceof Refusal && why.needsToken) {
        const hadToken = token.get() !== "";
        token.forget();
        if (!hadToken) {
            state.link = "locked";
            draw();
            await /** @type {Promise<void>} */ (new Promise((resolve) => (unlock = resolve)));
        }
        return;
    }
    if (state.link !== "gone") {
        Object.assign(state, { link: "gone", since: new Date().toISOString() });
        draw();
    }
    const pause = Math.min(LONGEST_PAUSE_MILLIS, 500 * 2 ** failures);
    await new Promise((resolve) => setTimeout(resolve, pause * (0.75 + Math.random() / 2)));
}

/** @param {string} type @param {any} event */
function hear(type, event) {
    if (type !== "gap") {
        const isNew = event.sequence > state.agent.newest_event;
        state.next = event.sequence + 1;
        answers.stale((path) => path === "/api/apps" || path === "/api/operations" || path === "/api/plugins"
            || path === appPath(event.app) || path.startsWith(`${appPath(event.app)}/`));
        if (isNew && (["warn", "error"].includes(event.level) || event.type === "deployment.completed")) {
            say(event.level === "error" ? "bad" : event.level === "warn" ? "warn" : "good",
                [event.app, event.text, event.data.version, event.data.error].filter(Boolean).join(": "));
        }
        log.add(event);
    } else if (state.next > event.from) {
        log.add(event);
    }
    draw();
}

/** @param {string} path @param {any} value */
function learn(path, value) {
    if (value?.statistics) {
        rates.note(`${value.app} requests`, value.statistics.requests);
        for (const backend of value.statistics.backends) {
            rates.note(`${value.app} ${backend.backend}`, backend.requests);
        }
    }
    const now = value?.operation;
    if (now?.progress) {
        rates.note(now.id + now.progress.what, now.progress.done);
    }
    draw();
}

/** Asks for what is due, unless nobody looks. */
function tick() {
    if (!document.hidden && state.link === "live") {
        answers.want(wanted());
        answers.tick();
    }
    const second = Math.floor(Date.now() / 1000); // Ages are shown by the second.
    if (second !== drawnAt) {
        drawnAt = second;
        draw();
    }
}

/** What is on the page, by its address. */
function place() {
    const [page = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
    let name = rest.join("/");
    try {
        name = decodeURIComponent(name);
    } catch {
        // It stands there as it was written.
    }
    const apps = answers.of("/api/apps");
    return page === "" && apps?.length === 1 ? { page: "apps", name: apps[0].name } : { page, name };
}

/** @returns {[string, number][]} */
function wanted() {
    const { page, name } = place();
    const apps = answers.of("/api/apps") ?? [];
    /** @type {[string, number][]} */
    const paths = [["/api/apps", 5]];
    if (page === "apps") {
        const app = current(name);
        paths.push(...(app ? /** @type {[string, number][]} */ (needs(app)) : []));
        if (/** @type {HTMLDetailsElement} */ (element("output")).open) {
            paths.push([outputPath(name), 2]);
        }
    } else if (page === "") {
        paths.push(...failing(apps).map((app) => /** @type {[string, number]} */ ([`${appPath(app.name)}/history`, 30])));
    } else if (page === "operations") {
        paths.push(["/api/operations", 1]);
    } else if (page === "plugins") {
        paths.push(["/api/plugins", 10]);
    } else if (page === "audit") {
        paths.push(["/api/audit?most=200", 5]);
    } else if (page === "capsules") {
        paths.push([capsulePath(name), 3600]);
    }
    return paths;
}

/** Draws soon, but never so often that drawing takes much of the time. */
function draw() {
    if (!isDrawing) {
        isDrawing = true;
        setTimeout(() => requestAnimationFrame(() => {
            isDrawing = false;
            const begun = performance.now();
            drawNow();
            drawingTook = performance.now() - begun;
        }), drawingTook * DRAWING_SHARE);
    }
}

function drawNow() {
    const { page, name } = place();
    const apps = answers.of("/api/apps");
    document.body.classList.toggle("gone", state.link === "gone");
    show(element("self"), state.agent ? `${state.agent.host} · ${state.agent.version}` : "");
    show(element("pages"), Object.entries(PAGES).map(([path, title]) =>
        h("a", { href: `#/${path}`, "aria-current": page === path || (page === "apps" && path === "") ? "page" : undefined }, title)));
    show(element("link"), connection());
    element("token").textContent = token.get() ? "Forget token" : "Token…";
    show(element("now"), state.link === "gone" ? gone() : state.link === "locked" ? lamp("warn", "A token is needed") : summary(apps));
    show(element("main"), state.link === "locked" ? [h("h1", { id: "heading", tabindex: "-1" }, "Dewy"), needsToken("From elsewhere, whatever is shown needs a token.")] : content(page, name, apps));
    element("log").hidden = !(page === "" || page === "apps");
    log.show(page === "apps" ? name : undefined, /** @type {HTMLSelectElement} */ (element("level")).value);
    drawOutput(page, name);
    const found = (apps ?? []).flatMap((/** @type {any} */ app) => troubles(app)).length;
    const title = PAGES[/** @type {keyof PAGES} */ (page)] ?? name;
    document.title = `${found > 0 ? `(${found}) ` : ""}${title} – Dewy${state.agent ? ` on ${state.agent.host}` : ""}`;
}

/** @param {string} page @param {string} name @param {any[] | undefined} apps @returns {import("./page.js").Child} */
function content(page, name, apps) {
    if (page === "apps") {
        const app = current(name);
        const known = (/** @type {string} */ what) => answers.of(`${appPath(name)}/${what}`);
        return app
            ? appPage(app, {
                  history: known("history"), explain: known("explain"), proxy: known("proxy"), containers: known("containers"), rates,
              })
            : [h("h1", { id: "heading", tabindex: "-1" }, name), h("p", { class: "empty" }, apps ? "There is no such app (any more)." : "…")];
    }
    switch (page) {
        case "operations":
            return operationsPage(answers.of("/api/operations"));
        case "plugins":
            return pluginsPage(answers.of("/api/plugins"));
        case "audit":
            return auditPage(answers.of("/api/audit?most=200"), answers.isRefused("/api/audit?most=200"));
        case "capsules":
            return capsulePage(name, answers.of(capsulePath(name)), answers.isRefused(capsulePath(name)), answers.problem(capsulePath(name)));
        default:
            return apps && overview(apps, new Map(failing(apps).map((app) => [app.name, answers.of(`${appPath(app.name)}/history`)])), state.filter);
    }
}

/** @param {string} page @param {string} name */
function drawOutput(page, name) {
    element("output").hidden = page !== "apps";
    const path = outputPath(name);
    const said = answers.of(path);
    show(element("said"), answers.isRefused(path)
        ? needsToken("What the app writes is shown to whoever has a token.")
        : h("pre", { tabindex: "0", "aria-label": "Output of the app" }, said ? said.lines.join("\n") || "(nothing yet)" : "…"));
}

function connection() {
    switch (state.link) {
        case "live":
            return lamp("good", "live");
        case "gone":
            return lamp("bad", "agent gone");
        default:
            return lamp("idle", state.link === "locked" ? "locked" : "connecting");
    }
}

function gone() {
    return [
        lamp("bad", state.agent ? "The agent has not answered since " : "The agent does not answer since ", when(state.since, "clock"), "."),
        h("span", {}, " What it deployed serves on. What is shown is as it was then; this page goes on by itself when the agent is back."),
    ];
}

function listen() {
    document.addEventListener("click", (event) => {
        const pressed = /** @type {Element} */ (event.target).closest("[data-do]");
        if (pressed instanceof HTMLElement) {
            act(pressed.dataset).catch((e) => say("bad", sentence(e.message)));
        }
    });
    addEventListener("hashchange", () => {
        tick();
        draw();
        setTimeout(() => document.getElementById("heading")?.focus(), TICK_MILLIS);
    });
    document.addEventListener("input", (event) => {
        if (event.target instanceof HTMLInputElement && event.target.id === "filter") {
            state.filter = event.target.value.trim();
        }
        draw();
    });
    document.addEventListener("visibilitychange", tick);
    element("output").addEventListener("toggle", tick);
}

/** @param {DOMStringMap} what a button that was pressed says */
async function act({ do: what = "", app: name = "", id = "" }) {
    if (what === "token") {
        if (token.get()) {
            token.forget();
        } else if (await askForToken()) {
            unlock();
        }
        answers.stale(() => true);
        draw();
    } else if (what === "cancel") {
        await watch(await cancel(id, name));
    } else if (what === "save") {
        save(`${id}.json`, answers.of(capsulePath(id)));
    } else if (what === "dismiss") {
        document.getElementById(id)?.remove();
    } else {
        const app = current(name);
        await watch(app && (await order(what, app)));
    }
}

/** Tells of an operation that it is begun, and what came of it. @param {any} operation */
async function watch(operation) {
    for (let told = ""; operation; ) {
        tick();
        answers.stale((path) => path.startsWith("/api/apps") || path === "/api/operations");
        const what = `${capital(words(operation.what))} of ${operation.app ?? operation.plugin ?? ""}`;
        if (operation.outcome) {
            const { outcome, reason } = operation.outcome;
            say(outcome === "failed" ? "bad" : "good", `${what}: ${words(outcome)}. ${sentence(reason)}`);
            return;
        }
        if (told === "") {
            told = what;
            say("busy", `${what} is begun.`);
        }
        await new Promise((resolve) => setTimeout(resolve, 2 * TICK_MILLIS));
        operation = await get(`/api/operations/${encodeURIComponent(operation.id)}`);
    }
}

/** @param {"good" | "bad" | "warn" | "busy"} level @param {string} text */
function say(level, text) {
    const id = `notice-${performance.now()}`;
    const notice = h("div", { class: "notice", id }, lamp(level, text),
        h("button", { type: "button", "data-do": "dismiss", "data-id": id, "aria-label": "Dismiss" }, "×"));
    const notices = element("notices");
    notices.append(notice);
    while (notices.children.length > MOST_NOTICES) {
        notices.firstElementChild?.remove();
    }
    setTimeout(() => notice.remove(), NOTICE_MILLIS * (level === "bad" ? 3 : 1));
}

/** @param {string} name @param {any} content */
function save(name, content) {
    const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }));
    const way = h("a", { href: url, download: name });
    way.click();
    URL.revokeObjectURL(url);
}

/** @param {string} name @returns {any} the app as it was told last: alone, or among all */
function current(name) {
    return answers.of(appPath(name)) ?? (answers.of("/api/apps") ?? []).find((/** @type {any} */ app) => app.name === name);
}

/** @param {any[]} apps @returns {any[]} those of which it is asked since when they fail */
function failing(apps) {
    return apps.filter((app) => troubles(app).some(({ level }) => level === "bad")).slice(0, MOST_HISTORIES);
}

/** @param {string} app */
function appPath(app) {
    return `/api/apps/${encodeURIComponent(app)}`;
}

/** @param {string} app */
function outputPath(app) {
    return `${appPath(app)}/output?lines=200`;
}

/** @param {string} id */
function capsulePath(id) {
    return `/api/capsules/${encodeURIComponent(id)}`;
}

main();
