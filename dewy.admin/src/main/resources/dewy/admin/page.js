// @ts-check
/**
 * The page is drawn from what is known, again and again, and only what became another is touched: so what has the focus keeps
 * it, what is selected stays selected, and nothing jumps. Whatever comes from elsewhere is text here, never markup.
 */

/**
 * @typedef {Node | string | number | false | null | undefined | Array<any>} Child
 * @typedef {"good" | "bad" | "warn" | "busy" | "idle"} Level
 */

import { clock, relative } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "path", "polyline"]);

/**
 * Makes an element. One with `data-key` is the same as the one that had this key among the same elements before.
 * @param {string} tag @param {Record<string, string | number | boolean | undefined>} [attributes] @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
    const element = /** @type {HTMLElement} */ (
        DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
    );
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== false && value !== undefined) {
            element.setAttribute(name, value === true ? "" : String(value));
        }
    }
    for (const child of /** @type {Child[]} */ (children.flat(Infinity))) {
        if (child !== false && child !== null && child !== undefined) {
            element.append(child instanceof Node ? child : String(child));
        }
    }
    return element;
}

/**
 * Makes the children of an element what is wanted.
 * @param {Element} element @param {...Child} children
 */
export function show(element, ...children) {
    match(element, h("div", {}, ...children));
}

/** @param {Element} element @param {Element} wanted */
function match(element, wanted) {
    const keys = new Set([...wanted.children].map(keyOf).filter(Boolean));
    /** @type {Map<string, Element>} */
    const kept = new Map();
    for (const child of [...element.children]) {
        const key = keyOf(child);
        if (key && keys.has(key)) {
            kept.set(key, child);
        } else if (key) {
            child.remove();
        }
    }
    let next = element.firstChild;
    for (const child of [...wanted.childNodes]) {
        const key = keyOf(child);
        const found = key ? kept.get(key) : next && isAlike(next, child) ? next : undefined;
        if (!found) {
            element.insertBefore(child, next);
        } else {
            if (found === next) {
                next = next.nextSibling;
            } else {
                element.insertBefore(found, next);
            }
            become(found, child);
        }
    }
    while (next) {
        const rest = next;
        next = next.nextSibling;
        rest.remove();
    }
}

/** @param {Node} node @param {Node} wanted */
function become(node, wanted) {
    if (!(node instanceof Element) || !(wanted instanceof Element)) {
        if (node.nodeValue !== wanted.nodeValue) {
            node.nodeValue = wanted.nodeValue;
        }
        return;
    }
    for (const { name } of [...node.attributes]) {
        // Whether it is open is up to the reader.
        if (!wanted.hasAttribute(name) && name !== "open") {
            node.removeAttribute(name);
        }
    }
    for (const { name, value } of wanted.attributes) {
        if (node.getAttribute(name) !== value) {
            node.setAttribute(name, value);
        }
    }
    if (!node.hasAttribute("data-own")) {
        match(node, wanted);
    }
}

/** @param {Node} node @returns {string} */
function keyOf(node) {
    return node instanceof Element ? (node.getAttribute("data-key") ?? "") : "";
}

/** @param {Node} node @param {Node} other */
function isAlike(node, other) {
    return node.nodeName === other.nodeName && !keyOf(node);
}

/**
 * A table whose rows are as cards where there is little room, which takes the roles from its elements unless they are named.
 * @param {string} caption @param {string[]} heads @param {{key: string, cells: Child[]}[]} rows @param {string} empty
 */
export function table(caption, heads, rows, empty) {
    if (rows.length === 0) {
        return h("p", { class: "empty" }, empty);
    }
    return h(
        "table",
        { role: "table", "aria-label": caption },
        h("thead", { role: "rowgroup" },
            h("tr", { role: "row" }, heads.map((head) => h("th", { role: "columnheader", scope: "col" }, head)))),
        h("tbody", { role: "rowgroup" },
            rows.map(({ key, cells }) =>
                h("tr", { role: "row", "data-key": key },
                    cells.map((cell, i) => h("td", { role: "cell", "data-head": heads[i], class: cell === "–" ? "none" : undefined }, h("div", {}, cell)))))),
    );
}

/** @param {string} title @param {...Child} children */
export function panel(title, ...children) {
    const id = `panel-${title.toLowerCase().replace(/\W+/g, "-")}`;
    return h("section", { class: "panel", "data-key": id, "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** @param {string} iso @param {"relative" | "clock"} [first] what is shown; the other one is its title */
export function when(iso, first = "relative") {
    const [shown, title] = first === "relative" ? [relative(iso), clock(iso)] : [clock(iso), relative(iso)];
    return h("time", { datetime: iso, title }, shown);
}

/** @type {Record<Level, string>} */
const GLYPHS = {
    good: "M3 8.5l3.2 3.2L13 4.8",
    bad: "M4 4l8 8M12 4l-8 8",
    warn: "M8 3v6.5M8 12.2v.8",
    busy: "M8 3.5a4.5 4.5 0 1 1-4.5 4.5",
    idle: "M4 8h8",
};

/** @param {Level} level @param {...Child} words what it means: it is never told by a sign or a colour alone */
export function lamp(level, ...words) {
    return h("span", { class: `lamp ${level}` },
        h("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, h("path", { d: GLYPHS[level] })),
        h("span", {}, ...words));
}

/** @param {string} what @param {string} words @param {Record<string, string | boolean | undefined>} [more] */
export function button(what, words, more = {}) {
    return h("button", { type: "button", "data-do": what, "data-key": `${what}${more["data-id"] ?? ""}`, ...more }, words);
}
