/**
 * GCS: releases announced by the objects of a bucket, their artifacts, a cache of blobs and a store of shared values.
 */
@NullMarked
package dewy.registry.gcs;

import org.jspecify.annotations.NullMarked;
