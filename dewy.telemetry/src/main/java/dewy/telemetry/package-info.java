/**
 * Metrics and traces of the agent: what its events, its apps and their proxies tell, as Prometheus and OpenTelemetry have it.
 *
 * <p>Nothing here is asked for unless somebody looks: what is counted is counted from events, all else is read when the metrics
 * are collected.
 */
@NullMarked
package dewy.telemetry;

import org.jspecify.annotations.NullMarked;
