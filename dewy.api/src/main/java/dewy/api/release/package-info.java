/**
 * The values that travel along the path of a release: releases, artifacts, digests, platforms, deliverables.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.release;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
