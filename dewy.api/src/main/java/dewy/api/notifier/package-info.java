/**
 * Notifiers: one channel each by which people are told what happened.
 */
@Export
@NullMarked
@Version("0.1.0")
package dewy.api.notifier;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
