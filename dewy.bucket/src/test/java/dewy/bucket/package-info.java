/** What a plugin for buckets is tested with, and for, whichever service it speaks to; each has subclasses of these tests. */
@NullMarked
package dewy.bucket;

import org.jspecify.annotations.NullMarked;
