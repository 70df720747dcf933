/**
 * Runs apps as replicas in containers of Docker or Podman. {@link dewy.runtime.docker.DockerRuntimeProvider} is the place to
 * begin, {@link dewy.runtime.docker.Containers} how replicas are started there; how they are exchanged is in {@link dewy.replicas}.
 */
@NullMarked
package dewy.runtime.docker;

import org.jspecify.annotations.NullMarked;
