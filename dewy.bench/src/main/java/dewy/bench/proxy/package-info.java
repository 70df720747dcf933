/** The benchmark of the built-in proxy beside others of its kind: {@link dewy.bench.proxy.ProxyBenchmark}. */
@NullMarked
package dewy.bench.proxy;

import org.jspecify.annotations.NullMarked;
