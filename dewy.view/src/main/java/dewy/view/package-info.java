/**
 * What is shown of the agent, for whatever shows it: its records as {@linkplain dewy.view.Json JSON}, its states and times in
 * {@linkplain dewy.view.Words words}, and {@linkplain dewy.view.Explanation why} an app is as it is.
 *
 * <p>Each bundle carries these classes privately ({@code -conditionalpackage} in {@code cnf/common.bnd}).
 */
@NullMarked
package dewy.view;

import org.jspecify.annotations.NullMarked;
