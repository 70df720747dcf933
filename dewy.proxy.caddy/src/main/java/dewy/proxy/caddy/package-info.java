/**
 * Caddy in a container before apps in containers: {@link dewy.proxy.caddy.CaddyProxy} is the proxy of one app, {@link dewy.proxy.caddy.AppTraffic} where its traffic goes, {@link
 * dewy.proxy.caddy.ProxyContainer} its container, and {@link dewy.proxy.caddy.CaddyConfig} what Caddy is told.
 */
@NullMarked
package dewy.proxy.caddy;

import org.jspecify.annotations.NullMarked;
