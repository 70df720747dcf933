package dewy.api.plugin;

import dewy.api.Call;
import dewy.api.DewyException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Implemented by an instance that can find out whether it is able to do its work. It is asked when it is to take the place of
 * an instance that works; when it is not able to, that one stays.
 */
@ConsumerType
public interface HealthCheck {
    /**
     * Tries what the work needs, such as reaching a remote, without changing anything that others would notice.
     *
     * @throws DewyException saying what is wrong
     */
    void check(Call call) throws DewyException;
}
