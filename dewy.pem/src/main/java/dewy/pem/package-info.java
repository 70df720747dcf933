/**
 * Certificates and their keys as people have them, in files of the format PEM: {@link dewy.pem.Credential}.
 *
 * <p>Each bundle that speaks TLS to clients carries these classes privately ({@code -conditionalpackage} in {@code
 * cnf/common.bnd}).
 */
@NullMarked
package dewy.pem;

import org.jspecify.annotations.NullMarked;
