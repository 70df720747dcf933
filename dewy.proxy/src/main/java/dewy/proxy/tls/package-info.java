/**
 * TLS towards clients. {@link dewy.proxy.tls.Termination} belongs to a listening socket, whoever's requests arrive there: it has
 * the certificates, and each connection begin with a handshake. What comes behind that is as if it were not encrypted, but for
 * the {@linkplain dewy.proxy.tls.Ends end}.
 */
@NullMarked
package dewy.proxy.tls;

import org.jspecify.annotations.NullMarked;
