package dewy.api.process;

import org.osgi.annotation.versioning.ProviderType;

/** A duplicate of a descriptor, which its holder closes. */
@ProviderType
public interface DescriptorLease extends AutoCloseable {
    /** Returns the number of the descriptor in this process. */
    int descriptor();

    @Override
    void close();
}
