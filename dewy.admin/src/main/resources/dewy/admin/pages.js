// @ts-check
/** The pages that are about all apps, the agent itself, or one failure. */

import { evidence, state, trouble } from "./app.js";
import { button, h, lamp, panel, table, when } from "./page.js";
import { troubles, words } from "./verdict.js";
import { length, many, secondsSince, sentence } from "./words.js";

/** @typedef {import("./page.js").Child} Child */

const FEW = 12;
/** @type {Record<string, import("./page.js").Level>} */
const OF_PLUGIN = { active: "good", refused: "bad", stopped: "warn" };
/** @type {Record<string, import("./page.js").Level>} */
const OF_CHANGE = { done: "good", begun: "busy", refused: "bad", failed: "bad" };

/** @param {any[]} apps @param {Map<string, any[]>} histories of those that are in trouble @param {string} filter */
export function overview(apps, histories, filter) {
    const found = apps.flatMap((app) => troubles(app, histories.get(app.name)));
    const shown = apps.filter((app) => app.name.includes(filter));
    const rows = shown.map((app) => ({
        key: app.name,
        cells: [
            h("a", { href: link(app.name) }, app.name),
            state(app),
            h("span", { class: "version" }, app.current?.version ?? "–"),
            app.current ? when(app.current.since) : "–",
            h("span", { class: "reason short" }, app.last ? `${words(app.last.outcome)}: ${app.last.reason}` : "not checked yet"),
        ],
    }));
    return [
        heading("Apps"),
        found.slice(0, FEW).map(trouble),
        found.length > FEW && h("p", { "data-key": "more" }, `And ${many(found.length - FEW, "more trouble")} below.`),
        apps.length > FEW && h("label", { class: "filter", "data-key": "filter" }, "Filter ",
            h("input", { id: "filter", type: "search", autocomplete: "off", spellcheck: "false" })),
        panel("All apps", table("All apps", ["App", "State", "Version", "Deployed", "Last check"], rows,
            apps.length > 0 ? "No app has that in its name." : "No app yet. Write one into dewy.yaml, or start an agent with one: dewy server --registry URL.")),
    ];
}

/** What the line below the header says: whether anything is wrong at all. @param {any[] | undefined} apps */
export function summary(apps) {
    if (!apps) {
        return lamp("idle", "Asking the agent…");
    }
    const found = apps.flatMap((app) => troubles(app));
    const isBad = found.some(({ level }) => level === "bad");
    const concerned = [...new Set(found.map(({ app }) => app))];
    if (concerned.length > 0) {
        return lamp(isBad ? "bad" : "warn", `${many(concerned.length, "app needs", "apps need")} a look: `,
            concerned.slice(0, 3).map((app, i) => [i > 0 && ", ", h("a", { href: link(app) }, app)]), concerned.length > 3 && ", …");
    }
    const serving = apps.filter((app) => app.current).length;
    return apps.length === 0
        ? lamp("idle", "No app yet")
        : lamp("good", serving === apps.length ? `Nothing is wrong with ${many(apps.length, "app")}`
            : `Nothing is wrong; ${serving} of ${many(apps.length, "app")} deployed`);
}

/** @param {any[] | undefined} operations */
export function operationsPage(operations) {
    const rows = (operations ?? []).map((one) => ({
        key: one.id,
        cells: [
            when(one.started, "clock"),
            words(one.what),
            one.app ? h("a", { href: link(one.app) }, one.app) : (one.plugin ?? "–"),
            h("span", { class: "version" }, one.version ?? "–"),
            one.actor,
            one.outcome
                ? lamp(one.outcome.outcome === "failed" ? "bad" : one.outcome.outcome === "cancelled" ? "idle" : "good",
                    words(one.outcome.outcome))
                : lamp("busy", `${one.step} for ${length(secondsSince(one.since))}`),
            one.outcome
                ? [h("span", { class: "reason" }, one.outcome.reason), " ", evidence(one.outcome.capsule, one.id)]
                : button("cancel", "Cancel…", { "data-id": one.id, "data-app": one.app ?? "" }),
        ],
    }));
    return [
        heading("Operations"),
        panel("Now and before", table("Operations", ["Since", "What", "On", "Version", "By", "State", "Came of it"], rows,
            operations ? "Nothing was done yet since the agent was started." : "…")),
    ];
}

/** @param {any[] | undefined} plugins */
export function pluginsPage(plugins) {
    const rows = (plugins ?? []).map((plugin) => ({
        key: `${plugin.bundle} ${plugin.version} ${plugin.kind} ${plugin.schemes}`,
        cells: [
            h("span", { class: "version" }, `${plugin.kind || "unknown"}: ${plugin.schemes.join(", ") || "–"}`),
            plugin.bundle,
            h("span", { class: "version" }, plugin.version),
            lamp(OF_PLUGIN[plugin.state] ?? "idle", plugin.state),
            plugin.users.join(", ") || "–",
            plugin.origin,
            h("span", { class: "reason" }, plugin.problem ?? "–"),
        ],
    }));
    return [
        heading("Plugins"),
        panel("All plugins", table("Plugins", ["Answers to", "Bundle", "Version", "State", "Used by", "From", "Problem"], rows,
            plugins ? "No plugin." : "…")),
    ];
}

/** @param {any[] | undefined} entries @param {boolean} isRefused whether a token is needed */
export function auditPage(entries, isRefused) {
    const rows = (entries ?? []).map((entry, i) => ({
        key: `${entry.at} ${entry.action} ${i}`,
        cells: [
            when(entry.at, "clock"),
            `${entry.actor}${entry.uid === undefined ? "" : ` (uid ${entry.uid})`}`,
            entry.from,
            words(entry.action),
            entry.app ? h("a", { href: link(entry.app) }, entry.app) : "–",
            lamp(OF_CHANGE[entry.outcome] ?? "idle", entry.outcome),
            h("span", { class: "reason" },
                [entry.reason, ...Object.entries(entry.details ?? {}).map(([name, value]) => `${name}: ${value}`)].filter(Boolean).join(", ") || "–"),
        ],
    }));
    return [
        heading("Audit"),
        isRefused
            ? needsToken("Who changed what is shown to whoever has a token.")
            : panel("Who changed what", table("Audit", ["When", "Who", "From", "What", "App", "Outcome", "Reason"], rows,
                entries ? "Nothing was changed yet." : "…")),
    ];
}

/** @param {string} id @param {any} found @param {boolean} isRefused @param {string} [problem] */
export function capsulePage(id, found, isRefused, problem) {
    if (isRefused || !found) {
        return [
            heading("Evidence"),
            isRefused ? needsToken("What an app wrote when it failed is shown to whoever has a token.")
                : h("p", { class: "empty", "data-key": "empty" }, problem ?? "…"),
        ];
    }
    const capsule = found.capsule;
    const pairs = (/** @type {Record<string, any>} */ map) =>
        h("dl", { class: "facts wide" }, Object.entries(map).map(([name, value]) =>
            h("div", {}, h("dt", {}, name), h("dd", {}, Array.isArray(value) ? value.join(" ") : value))));
    return [
        h("div", { class: "title", "data-key": "title" },
            h("h1", { tabindex: "-1", id: "heading" }, `${capsule.app} ${capsule.version}`),
            lamp("bad", `failed at ${capsule.step}`),
            h("div", { class: "buttons" },
                h("a", { class: "button", href: link(capsule.app) }, "To the app"),
                button("save", "Save as a file", { "data-id": id }))),
        panel("What went wrong",
            h("p", { class: "reason" }, sentence(capsule.error)),
            h("p", {}, when(capsule.at, "clock"), capsule.times > 1 ? `, the last of ${capsule.times} times` : "",
                `, wanted by ${capsule.actor} (${capsule.cause})`),
            found.errors.length > 1 && h("ol", { class: "reason" }, found.errors.map((/** @type {string} */ error) => h("li", {}, error)))),
        found.outputs.map((/** @type {any} */ output) =>
            panel(`Output of ${output.by}`, h("pre", { tabindex: "0", "aria-label": `Output of ${output.by}` },
                output.lines.join("\n") || "(nothing)"))),
        panel("Events", table("Events", ["When", "What", "Details"],
            found.events.map((/** @type {any} */ event) => ({
                key: event.id,
                cells: [when(event.time, "clock"), event.text, h("span", { class: "reason" }, details(event.data) || "–")],
            })), "None.")),
        panel("Options", pairs(found.options)),
        panel("Plugins in use", pairs(Object.fromEntries(found.plugins.map((/** @type {any} */ use) =>
            [use.plugin, `${use.bundle} ${use.version}`])))),
        panel("System", pairs(found.system)),
    ];
}

/** @param {Record<string, string>} data */
export function details(data) {
    return Object.entries(data ?? {}).map(([name, value]) => `${name}=${value}`).join(" ");
}

/** @param {string} app */
export function link(app) {
    return `#/apps/${encodeURIComponent(app)}`;
}

/** @param {string} text @returns {Child} */
function heading(text) {
    return h("h1", { tabindex: "-1", id: "heading", "data-key": "heading" }, text);
}

/** @param {string} why @returns {Child} */
export function needsToken(why) {
    return h("p", { class: "empty", "data-key": "token" }, why, " ", button("token", "Give a token…"));
}
