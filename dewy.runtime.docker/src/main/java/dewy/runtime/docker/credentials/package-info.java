/** As whom registries are asked: what the clients of Docker look at too. */
@NullMarked
package dewy.runtime.docker.credentials;

import org.jspecify.annotations.NullMarked;
