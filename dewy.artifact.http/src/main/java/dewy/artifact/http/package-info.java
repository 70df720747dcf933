/**
 * Artifacts from any web server, by a template of their address. {@link dewy.artifact.http.UrlTemplate} says where they
 * are, {@link dewy.artifact.http.HttpCredentials} who asks, {@link dewy.artifact.http.HttpArtifactSource} fetches.
 */
@NullMarked
package dewy.artifact.http;

import org.jspecify.annotations.NullMarked;
