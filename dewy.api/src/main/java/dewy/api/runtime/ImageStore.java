package dewy.api.runtime;

import dewy.api.Call;
import dewy.api.DewyException;
import dewy.api.release.Deliverable;
import dewy.api.release.RegistryLogin;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Implemented by a runtime that runs images: where the images of its app are on this host. What is installed is known by
 * {@code repository@sha256:…}, the form "pull by digest" of the OCI distribution specification, so that what was once
 * deployed can be run again whatever a tag points to by then. Safe for use by several threads.
 */
@ConsumerType
public interface ImageStore {
    /**
     * Pulls an image, whole and verified; does nothing when it is there.
     *
     * @param deliverable the image by {@linkplain dewy.api.release.Artifact#location place}, with its digest where the
     *     registry tells it: then that is pulled, whatever the tag points to. What was pulled before comes again with its
     *     repository as the place
     * @param login as whom to pull it; empty for nobody in particular
     * @return the image by digest
     * @throws dewy.api.NotFoundException if there is no such image
     * @throws dewy.api.UnauthorizedException if the registry refuses whoever asks
     * @throws dewy.api.CorruptException if what arrived is not what was announced
     * @throws dewy.api.StorageException if this host has no room for it
     */
    String pull(Call call, Deliverable deliverable, Optional<RegistryLogin> login) throws DewyException;

    /** Returns whether an image is on this host, whole. */
    boolean holds(Call call, String image) throws DewyException;

    /**
     * Removes images of this app from this host. Those that are not there, and those that something runs from, also
     * something that is none of Dewy's, are left without a failure.
     *
     * @return those of them that are not on this host any more, whether they were removed now or before: what is left may be
     *     tried again later
     */
    List<String> remove(Call call, Collection<String> images) throws DewyException;
}
