package dewy.api.proxy;

/**
 * Where a request can be sent.
 *
 * @param id stable as long as the backend lives, such as a container's name
 * @param host a numeric address or name
 * @param port from 1 to 65535
 */
public record Backend(String id, String host, int port) {}
