/**
 * HTTP/1.1 between clients and backends. Only what frames a message is read; its body is passed on as the bytes that arrived.
 */
@NullMarked
package dewy.proxy.http;

import org.jspecify.annotations.NullMarked;
