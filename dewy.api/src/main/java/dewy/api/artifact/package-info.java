/**
 * Artifact sources: where the bytes of an artifact come from, opened at an offset so that downloads resume.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.artifact;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
