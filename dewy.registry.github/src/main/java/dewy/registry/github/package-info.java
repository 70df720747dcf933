/**
 * GitHub Releases: a registry, and the artifact source that belongs to it, over GitHub's REST API (version 2022-11-28).
 * {@link dewy.registry.github.Api} asks with credentials and turns refusals into typed failures; {@link
 * dewy.registry.github.ReleasePages} and {@link dewy.registry.github.GitHubArtifactSource} stand on it.
 */
@NullMarked
package dewy.registry.github;

import org.jspecify.annotations.NullMarked;
