/**
 * Registries of container images, by the OCI distribution specification 1.1 and what Docker's registry spoke before it. {@link
 * dewy.registry.oci.ImageRegistry} polls the tags of a repository by {@link dewy.registry.oci.TagList}; {@link
 * dewy.registry.oci.ImageSource} finds the image for this host by {@link dewy.registry.oci.Manifests}. Who asks is told by
 * {@link dewy.registry.oci.Logins}, and shown by {@link dewy.registry.oci.RegistryAuthentication}.
 */
@NullMarked
package dewy.registry.oci;

import org.jspecify.annotations.NullMarked;
