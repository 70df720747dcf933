package dewy.api.route;

import dewy.api.process.ListeningAddress;
import java.util.OptionalInt;

/**
 * Where a proxy accepts the connections of one app.
 *
 * @param name unique within the app; it is what the option {@code --port} says for it, such as {@code 8080} or {@code
 *     127.0.0.1:8080:3000}, so that it is the same for every instance of the app's proxy
 * @param address where clients connect to
 * @param target the port at which the app itself listens for what arrives here, where the option names one; else the app's
 *     only port
 */
public record Listener(String name, ListeningAddress address, OptionalInt target) {}
