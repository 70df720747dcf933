// @ts-check
/** The events of the agent, as lines that are only ever added to. */

import { h } from "./page.js";
import { details, link } from "./pages.js";
import { clock } from "./words.js";

const MOST = 500;
const LEVELS = ["debug", "info", "warn", "error"];

export class Log {
    /** @type {any[]} */
    #events = [];
    #list;
    #window;
    #shown = "";

    /** @param {HTMLElement} list @param {HTMLElement} window what scrolls over it */
    constructor(list, window) {
        this.#list = list;
        this.#window = window;
    }

    /** @param {any} event */
    add(event) {
        this.#events.push(event);
        if (this.#events.length > MOST) {
            this.#events.shift();
        }
    }

    clear() {
        this.#events = [];
        this.#shown = "";
    }

    /** Shows those of an app, or of all, that matter so much. @param {string | undefined} app @param {string} level */
    show(app, level) {
        const wanted = this.#events.filter((event) =>
            (!app || !event.app || event.app === app) && LEVELS.indexOf(event.level) >= LEVELS.indexOf(level));
        const isAtEnd = this.#window.scrollHeight - this.#window.scrollTop - this.#window.clientHeight < 40;
        const shown = `${app ?? ""} ${level}`;
        if (shown !== this.#shown) {
            this.#list.replaceChildren();
            this.#shown = shown;
        }
        const there = new Set([...this.#list.children].map((line) => line.getAttribute("data-key")));
        const keys = new Set(wanted.map(keyOf));
        for (const line of [...this.#list.children]) {
            if (!keys.has(line.getAttribute("data-key") ?? "")) {
                line.remove();
            }
        }
        this.#list.append(...wanted.filter((event) => !there.has(keyOf(event))).map((event) => line(event, !app)));
        if (isAtEnd) {
            this.#window.scrollTop = this.#window.scrollHeight;
        }
    }
}

/** @param {any} event */
function keyOf(event) {
    return String(event.sequence ?? `gap ${event.from}`);
}

/** @param {any} event @param {boolean} isOfAll */
function line(event, isOfAll) {
    if (event.sequence === undefined) {
        return h("li", { "data-key": keyOf(event), class: "warn" }, `${event.to - event.from + 1} events were missed`);
    }
    return h("li", { "data-key": keyOf(event), class: event.level },
        h("time", { datetime: event.time }, clock(event.time)), " ",
        h("span", { class: "level" }, event.level), " ",
        isOfAll && event.app && [h("a", { href: link(event.app) }, event.app), " "],
        h("span", { class: "text" }, event.text), " ",
        h("span", { class: "details" }, details(event.data)));
}
