/**
 * The admin API and the dashboard: the {@linkplain dewy.api.control.Agent control service} over HTTP.
 *
 * <p>{@link dewy.admin.AdminServer} listens, each connection's requests pass {@link dewy.admin.Gate}, which knows who may, and
 * are answered by {@link dewy.admin.Api}, or by {@link dewy.admin.Pages}, or go on as an {@link dewy.admin.EventFeed}. The HTTP
 * is Netty's, on one thread: thousands of connections that say nothing cost no threads, the peer of a unix socket is known by
 * its user, and a listener that does not read is not written to.
 */
@NullMarked
package dewy.admin;

import org.jspecify.annotations.NullMarked;
