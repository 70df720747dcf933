/**
 * Runs apps as replicas in containers of Docker or Podman, generation after generation. {@link
 * dewy.runtime.docker.DockerRuntime} is the place to begin.
 */
@NullMarked
package dewy.runtime.docker;

import org.jspecify.annotations.NullMarked;
