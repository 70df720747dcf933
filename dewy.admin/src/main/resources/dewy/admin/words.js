// @ts-check
/** Times, amounts and states in the words that people read; the same that the shell uses. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** @param {string} iso @returns {number} seconds from then to now; less than 0 for what is to come */
export function secondsSince(iso) {
    return (Date.now() - Date.parse(iso)) / 1000;
}

/** @param {number} seconds @returns {string} a length of time, roughly: "3m" */
export function length(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    if (whole >= DAY) {
        return `${Math.floor(whole / DAY)}d ${Math.floor((whole % DAY) / HOUR)}h`;
    }
    if (whole >= HOUR) {
        return `${Math.floor(whole / HOUR)}h ${Math.floor((whole % HOUR) / MINUTE)}m`;
    }
    return whole >= MINUTE ? `${Math.floor(whole / MINUTE)}m` : `${whole}s`;
}

/** @param {string} iso @returns {string} "3m ago", or "in 8s" */
export function relative(iso) {
    const seconds = secondsSince(iso);
    return seconds < 0 ? `in ${length(Math.ceil(-seconds))}` : `${length(seconds)} ago`;
}

/** @param {string} iso @returns {string} the time of day where the reader is; with the date unless it is today */
export function clock(iso) {
    const time = new Date(iso);
    const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
    const ofDay = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
    const isToday = time.toDateString() === new Date().toDateString();
    return isToday ? ofDay : `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${ofDay}`;
}

/** @param {number} seconds @returns {string} how long something took: "420 ms", "1.3 s", "3m" */
export function took(seconds) {
    if (seconds < 1) {
        return `${Math.round(seconds * 1000)} ms`;
    }
    return seconds < 100 ? `${seconds.toFixed(1)} s` : length(seconds);
}

/** @param {number} seconds @returns {string} "0.42 ms", "12 ms", "1.3 s" */
export function latency(seconds) {
    const millis = seconds * 1000;
    return millis < 10 ? `${millis.toFixed(millis < 1 ? 2 : 1)} ms` : took(seconds);
}

/** @param {number} count @returns {string} "512 B", "38.2 MiB" */
export function bytes(count) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
    return `${(count / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** @param {number} count @returns {string} "12 345", with spaces that do not break */
export function number(count) {
    return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** @param {number} count @param {string} one @param {string} [several] @returns {string} "1 app", "3 apps" */
export function many(count, one, several = `${one}s`) {
    return `${number(count)} ${count === 1 ? one : several}`;
}

/** @param {string} text @returns {string} the same as a sentence: with an end, and a capital unless it begins with a version or a name */
export function sentence(text) {
    const trimmed = text.trim();
    return capital(trimmed) + (/[.!?]$/.test(trimmed) ? "" : ".");
}

/** @param {string} text */
export function capital(text) {
    return /^[a-z]+(?=[\s,:.]|$)/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
