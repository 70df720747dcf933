/**
 * What every contract shares: the {@link dewy.api.Call} that accompanies each operation, and the typed failures
 * ({@link dewy.api.DewyException} and its subclasses) that core alone turns into retries, notifications and log
 * records.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
