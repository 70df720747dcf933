/**
 * How the agent drives the data plane: questions and answers that are nothing but data, over a unix socket that only the
 * agent's user can reach.
 *
 * <p>For each question the agent opens a connection, writes one {@link dewy.proxy.control.Message}, and reads one; the
 * connection closed before means that nobody wants the answer any more: what waits is given up, and has done nothing. A call
 * that is over closes its connection, so that the deadline of the agent is that of the plane.
 *
 * <p>A message is a frame: the number of its bytes (4 bytes), then the version of the protocol, the verb, and fields by name,
 * each text with the number of its bytes before it (4 bytes, UTF-8). Numbers are big endian. Who reads passes over fields that
 * it does not know; a verb that is not known is answered with a failure. So an agent can drive a plane that was started by an
 * earlier version of the bundle, or a later one, long enough to replace it.
 *
 * <table>
 *   <caption>Verbs</caption>
 *   <tr><th>verb</th><th>does</th></tr>
 *   <tr><td>{@code open}</td><td>has an app listen at the listeners that are named, and at no others, all or none: each with a
 *   socket that was passed before; what listens already goes on. With it come the settings, those of TLS among them, what is admitted, the sets of backends of
 *   listeners that are new, and which other apps have to be there before anything is accepted at an address that is new</td></tr>
 *   <tr><td>{@code fellows}</td><td>tells which other apps are served at the addresses of an app</td></tr>
 *   <tr><td>{@code route}</td><td>replaces sets of backends, in one step for all listeners</td></tr>
 *   <tr><td>{@code routes}</td><td>tells the sets of backends that are in force</td></tr>
 *   <tr><td>{@code drain}</td><td>is answered once nothing is in flight to a backend, or was cut at the limit</td></tr>
 *   <tr><td>{@code admit}</td><td>has what arrives be served, held as if there were no backends, or refused</td></tr>
 *   <tr><td>{@code statistics}</td><td>tells what passed</td></tr>
 *   <tr><td>{@code close}</td><td>stops listening for an app, and is answered once nothing is in flight, or was cut at the
 *   limit</td></tr>
 *   <tr><td>{@code leave}</td><td>the same, answered as soon as it listens no more; what passes still is told until it is
 *   over. A plane without apps ends</td></tr>
 * </table>
 *
 * <p>Listening sockets are opened by the agent, which holds them as well: so they outlive a plane that dies, and a plane that
 * serves outlives the agent. They reach a plane that runs already over a second unix socket, by {@link
 * dewy.api.process.ListeningSocket#passTo}, under names that the next {@code open} tells. That is simpler than to have the
 * plane inherit them: an app that comes later would need another plane, and the connections of all others would have to be
 * drained for it.
 */
@NullMarked
package dewy.proxy.control;

import org.jspecify.annotations.NullMarked;
