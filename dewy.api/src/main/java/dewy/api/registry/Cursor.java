package dewy.api.registry;

/**
 * Where the last poll of a registry ended: an ETag, a page, a fingerprint. Core keeps it between polls and across a swap
 * of the plugin, and never looks inside.
 *
 * @param state what the registry needs to ask only for what is new; never a secret
 */
public record Cursor(String state) {}
