/**
 * One HTTP for all plugins. {@link dewy.http.WebClient} asks: it shows who asks ({@link dewy.http.Authentication}) to the
 * origin that was asked alone, follows redirects, and turns what refuses into typed failures ({@link dewy.http.Dialect}).
 * {@link dewy.http.Download} opens content at an offset. {@link dewy.http.Network} is by which way servers are reached, as
 * the environment and a plugin's URL say.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage: dewy.http}), so that it can be replaced
 * without any other; nothing of this package is in what bundles say to each other.
 */
@NullMarked
package dewy.http;

import org.jspecify.annotations.NullMarked;
