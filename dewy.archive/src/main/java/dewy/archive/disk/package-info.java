/** What is done to the disk, and when it is there for sure. */
@NullMarked
package dewy.archive.disk;

import org.jspecify.annotations.NullMarked;
