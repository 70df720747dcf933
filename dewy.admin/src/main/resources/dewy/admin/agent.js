// @ts-check
/** The way to the agent: questions, orders, and its events as they happen. */

const TOKEN = "dewy-token";
const PATIENCE_MILLIS = 20_000; // Of those who serve nobody any more, some still accept connections.
const SILENCE_MILLIS = 40_000; // It says at least every 15 seconds that it is there.

/** The agent's answer that it does not do what was asked, and why. */
export class Refusal extends Error {
    /** @param {number} status @param {string} message */
    constructor(status, message) {
        super(message);
        this.status = status;
    }

    get needsToken() {
        return this.status === 401;
    }
}

/** The token of this tab: it is forgotten with it. */
export const token = {
    get: () => sessionStorage.getItem(TOKEN) ?? "",
    set: (/** @type {string} */ text) => sessionStorage.setItem(TOKEN, text),
    forget: () => sessionStorage.removeItem(TOKEN),
};

/** @param {string} path @returns {Promise<any>} */
export async function get(path) {
    return (await ask(path, { signal: AbortSignal.timeout(PATIENCE_MILLIS) })).json();
}

/** @param {string} path @param {Record<string, string>} [fields] @returns {Promise<any>} the operation that was begun */
export async function post(path, fields = {}) {
    const headers = { "content-type": "application/json" };
    return (await ask(path, { method: "POST", headers, body: JSON.stringify(fields) })).json();
}

/**
 * Tells of each event from a number on, until the connection ends, which is an error.
 * @param {number} from @param {(type: string, data: any) => void} listener
 */
export async function follow(from, listener) {
    const end = new AbortController();
    let patience = setTimeout(() => end.abort(), SILENCE_MILLIS);
    try {
        const response = await ask(`/api/events?from=${from}`, { signal: end.signal });
        const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
        const decoder = new TextDecoder();
        let text = "";
        for (;;) {
            const { done, value } = await reader.read();
            if (done) {
                throw new Error("the connection ended");
            }
            clearTimeout(patience);
            patience = setTimeout(() => end.abort(), SILENCE_MILLIS);
            text += decoder.decode(value, { stream: true });
            const blocks = text.split("\n\n");
            text = blocks.pop() ?? "";
            blocks.forEach((block) => tell(block, listener));
        }
    } finally {
        clearTimeout(patience);
        end.abort();
    }
}

/** @param {string} block lines of one event @param {(type: string, data: any) => void} listener */
function tell(block, listener) {
    let type = "message";
    let data = "";
    for (const line of block.split("\n")) {
        if (line.startsWith("event:")) {
            type = line.slice(6).trim();
        } else if (line.startsWith("data:")) {
            data += line.slice(5);
        }
    }
    if (data) {
        listener(type, JSON.parse(data));
    }
}

/** @param {string} path @param {RequestInit & {headers?: Record<string, string>}} how */
async function ask(path, how) {
    const known = token.get();
    const headers = { accept: "application/json", ...how.headers, ...(known && { authorization: `Bearer ${known}` }) };
    const response = await fetch(path, { ...how, headers, cache: "no-store", credentials: "omit", redirect: "error" });
    if (!response.ok) {
        const answer = await response.json().catch(() => ({}));
        throw new Refusal(response.status, String(answer.error ?? `the answer is ${response.status}`));
    }
    return response;
}
