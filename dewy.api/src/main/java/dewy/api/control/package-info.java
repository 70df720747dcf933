/**
 * The control service: what the launcher, the shell and the admin interface ask of the agent.
 *
 * <p>Its records are also what is shown of the agent, by whatever shows it. As JSON the names of their components are in snake
 * case, constants of enumerations in small letters with hyphens, times as in ISO 8601, and what is empty is left out, but for
 * lists and maps. A name that was shown once stays.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.control;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
