/**
 * Traffic of all kinds at once, for tests of what carries it: {@link dewy.tck.load.MixedLoad} asks, {@link
 * dewy.tck.load.LoadServer} answers, in the JVM of the test or in a process of its own, and every byte is looked at.
 */
@NullMarked
package dewy.tck.load;

import org.jspecify.annotations.NullMarked;
