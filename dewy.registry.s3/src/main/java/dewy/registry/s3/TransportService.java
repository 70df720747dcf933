package dewy.registry.s3;

import dewy.api.InvalidException;
import dewy.http.Network;
import dewy.http.SharedConnections;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The HTTP of what the SDK asks for credentials, where a profile or the environment says that: it is found by name. It goes by
 * the environment alone, since what a URL says of the way is about S3.
 */
public final class TransportService implements SdkHttpService {
    private static final class Builder implements SdkHttpClient.Builder<Builder> {
        @Override
        public SdkHttpClient buildWithDefaults(AttributeMap settings) {
            try {
                return new Transport(new SharedConnections().by(Network.system()));
            } catch (InvalidException e) {
                throw new IllegalStateException(e.problem().sentence(), e);
            }
        }
    }

    @Override
    public SdkHttpClient.Builder<?> createHttpClientBuilder() {
        return new Builder();
    }
}
