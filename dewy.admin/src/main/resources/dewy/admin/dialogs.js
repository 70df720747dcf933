// @ts-check
/** What is asked before anything is changed: it says what will happen, and the way out is the first that Enter finds. */

import { Refusal, get, post, token } from "./agent.js";
import { h, show } from "./page.js";

/** @typedef {{title: string, says: string[], yes: string, isGrave?: boolean, fields?: HTMLElement[]}} Question */

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("dialog"));

/**
 * Asks; resolves to what was entered by name, or to nothing where it was declined.
 * @param {Question} question @returns {Promise<Record<string, string> | undefined>}
 */
function ask({ title, says, yes, isGrave = false, fields = [] }) {
    const form = /** @type {HTMLFormElement} */ (h("form", {},
        h("h2", { id: "dialog-title" }, title),
        h("div", { id: "dialog-text" }, says.map((line) => h("p", {}, line))),
        ...fields,
        h("div", { class: "buttons" },
            h("button", { type: "button", value: "no", autofocus: fields.length === 0 }, "Leave it as it is"),
            h("button", { type: "submit", class: isGrave ? "grave" : "main" }, yes))));
    show(dialog);
    dialog.append(form);
    return new Promise((resolve) => {
        /** @type {Record<string, string> | undefined} */
        let entered;
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            entered = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
            dialog.close();
        });
        form.querySelector("[value=no]")?.addEventListener("click", () => dialog.close());
        dialog.addEventListener("close", () => resolve(entered), { once: true });
        dialog.showModal();
        /** @type {HTMLElement | null} */ (form.querySelector("input, select, [autofocus]"))?.focus();
    });
}

/** Asks for a token; resolves to whether there is one that the agent knows. @param {string} [why] @returns {Promise<boolean>} */
export async function askForToken(why = "") {
    for (let problem = why; ; ) {
        const entered = await ask({
            title: "A token",
            says: [
                "What changes something, and what shows the output of apps, needs a token of the agent. It is kept in this tab only.",
                problem,
            ].filter(Boolean),
            yes: "Use it",
            fields: [
                h("label", {}, "Token ",
                    h("input", { name: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true })),
            ],
        });
        if (!entered) {
            return false;
        }
        token.set(entered.token);
        try {
            await get("/api/audit?most=1");
            return true;
        } catch (e) {
            if (!(e instanceof Refusal && e.needsToken)) {
                return true; // Whatever that is, it is not for want of a token.
            }
            token.forget();
            problem = `It is not accepted: ${e.message}.`;
        }
    }
}

/**
 * Does something that may need a token, which is asked for then.
 * @template T @param {() => Promise<T>} what @returns {Promise<T | undefined>} nothing where there is no token
 */
export async function withToken(what) {
    try {
        return await what();
    } catch (e) {
        if (e instanceof Refusal && e.needsToken) {
            token.forget();
            return (await askForToken(`${e.message}.`)) ? what() : undefined;
        }
        throw e;
    }
}

/** Asks whether something is to be done to an app, and has it done. @param {string} what @param {any} app @returns {Promise<any>} the operation, if there is one */
export async function order(what, app) {
    const releases = what === "rollback" ? await get(`/api/apps/${encodeURIComponent(app.name)}/releases`) : [];
    const entered = await ask(question(what, app, releases));
    if (!entered) {
        return undefined;
    }
    const fields = Object.fromEntries(Object.entries(entered).filter(([, value]) => value !== ""));
    return withToken(() => post(`/api/apps/${encodeURIComponent(app.name)}/${what}`, fields));
}

/** @param {string} id @param {string} on @returns {Promise<any>} the operation, if it is to end */
export async function cancel(id, on) {
    const entered = await ask({
        title: `Cancel what is being done${on && ` to ${on}`}`,
        says: [
            "It ends before it is done. What served before serves on.",
            "A release whose deployment is cancelled is left alone until somebody asks for it.",
        ],
        yes: "Cancel it",
        isGrave: true,
    });
    return entered && withToken(() => post(`/api/operations/${encodeURIComponent(id)}/cancel`));
}

/** @param {string} what @param {any} app @param {any[]} releases @returns {Question} */
function question(what, app, releases) {
    const now = app.current?.version ?? "nothing";
    const goesOn = app.runtime ? `${now} serves until the other is ready; if it does not become ready, ${now} stays.` : `${now} stays in force until the other is complete.`;
    const untilUnpin = `${app.name} then stays at that version, also after the agent is started again, until it is unpinned.`;
    switch (what) {
        case "deploy":
            return {
                title: `Deploy ${app.name}`,
                says: [
                    "The registry is asked now. Without a version, the newest one is deployed that the app would take by itself.",
                    app.current ? goesOn : "Nothing is deployed yet.",
                    `With a version, ${app.name} stays there until it is unpinned, unless it is the newest.`,
                ],
                yes: "Deploy",
                fields: [
                    h("label", {}, "Version ", h("input", { name: "version", autocomplete: "off", spellcheck: "false", placeholder: "the newest" })),
                ],
            };
        case "rollback":
            return {
                title: `Roll back ${app.name}`,
                says: [`${now} is in force. ${goesOn}`, untilUnpin],
                yes: "Roll back",
                isGrave: true,
                fields: [
                    h("label", {}, "To ",
                        h("select", { name: "version" },
                            h("option", { value: "" }, "the last good one before"),
                            [...new Set(releases.map((/** @type {any} */ one) => one.version))]
                                .filter((version) => version !== now)
                                .map((version) => h("option", { value: version }, version)))),
                ],
            };
        case "unpin":
            return {
                title: `Unpin ${app.name}`,
                says: [`It is pinned to ${app.pinned}. It takes new releases again, and looks for one at once.`, goesOn],
                yes: "Unpin",
            };
        case "retry":
            return {
                title: `Give releases of ${app.name} another try`,
                says: [
                    `Left out, since they failed: ${Object.keys(app.quarantined ?? {}).join(", ") || "none"}.`,
                    `They are tried again at once, the newest one first. ${goesOn}`,
                ],
                yes: "Retry",
            };
        case "restart":
            return {
                title: `Restart ${app.name}`,
                says: [`A new generation of ${now} takes the place of what runs, which serves until that is ready.`],
                yes: "Restart",
                isGrave: true,
            };
        case "pause":
            return {
                title: `Pause ${app.name}`,
                says: [
                    "It looks for no new releases until it is resumed, also after the agent is started again.",
                    "What serves goes on, and is started again if it crashes. What is being deployed now is deployed still.",
                ],
                yes: "Pause",
            };
        default:
            return {
                title: `Resume ${app.name}`,
                says: ["It looks for new releases again, and does so at once.", goesOn],
                yes: "Resume",
            };
    }
}
