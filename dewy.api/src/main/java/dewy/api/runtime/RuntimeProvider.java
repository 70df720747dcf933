package dewy.api.runtime;

import dewy.api.plugin.AdoptingProvider;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens runtimes. The URL is made by core from the command and its options: the scheme names the runtime ({@code
 * process}, {@code docker}, {@code podman}), and every option that core does not read itself is a parameter of the same
 * name. So a runtime may have options of its own.
 */
@ConsumerType
public interface RuntimeProvider extends AdoptingProvider<AppRuntime> {}
