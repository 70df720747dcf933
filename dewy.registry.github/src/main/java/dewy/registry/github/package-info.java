/**
 * GitHub Releases: a registry, and the artifact source that belongs to it, over GitHub's REST API (version 2022-11-28).
 * {@link dewy.registry.github.GitHubAccess} opens the {@link dewy.registry.github.Api} for both, with the credentials and
 * the dialect in which GitHub refuses; {@link dewy.registry.github.ReleasePages} and {@link
 * dewy.registry.github.GitHubArtifactSource} stand on it.
 */
@NullMarked
package dewy.registry.github;

import org.jspecify.annotations.NullMarked;
