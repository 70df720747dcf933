/** What the containers of an app write: followed into a file and the log of the agent, each line once. */
@NullMarked
package dewy.runtime.docker.output;

import org.jspecify.annotations.NullMarked;
