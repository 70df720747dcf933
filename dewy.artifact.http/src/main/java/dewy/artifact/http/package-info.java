/**
 * Artifacts from any web server, by a template of their address. {@link dewy.artifact.http.UrlTemplate} says where they
 * are, {@link dewy.artifact.http.WebClient} asks with credentials and follows redirects, {@link
 * dewy.artifact.http.HttpArtifactSource} stands on both.
 */
@NullMarked
package dewy.artifact.http;

import org.jspecify.annotations.NullMarked;
