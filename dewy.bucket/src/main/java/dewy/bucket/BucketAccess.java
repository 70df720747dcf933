package dewy.bucket;

import dewy.api.plugin.AppContext;
import dewy.api.plugin.Parameters;
import dewy.api.plugin.PluginUrl;
import java.time.InstantSource;

/**
 * What all plugins for a service share: its connections, credentials and clients. Nothing is opened before the first request.
 * Safe for use by several threads.
 */
public interface BucketAccess {
    /** Returns the bucket as a URL and the environment describe it; what is wrong there is added to {@code parameters}. */
    Bucket bucket(PluginUrl url, Parameters parameters, AppContext app);

    InstantSource clock();
}
