/** What stands behind {@code --}: the options of {@code docker run}, and the containers that are made by them. */
@NullMarked
package dewy.runtime.docker.options;

import org.jspecify.annotations.NullMarked;
