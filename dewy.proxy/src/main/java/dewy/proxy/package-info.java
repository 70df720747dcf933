/**
 * The built-in proxy, in the agent: it opens listening sockets, keeps one data plane running for all apps, and tells that what
 * to do. Traffic passes through the data plane alone, which is a process of its own ({@code dewy.proxy.plane}).
 */
@NullMarked
package dewy.proxy;

import org.jspecify.annotations.NullMarked;
