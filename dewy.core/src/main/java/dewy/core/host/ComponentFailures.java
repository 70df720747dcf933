package dewy.core.host;

import java.util.Objects;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** Knows from the component runtime what kept a component from being activated. Safe for use by several threads. */
final class ComponentFailures {
    private final BundleContext context;

    ComponentFailures(BundleContext context) {
        this.context = context;
    }

    /** Returns what a component of a bundle threw when it was to be activated, in its own words. */
    Optional<String> of(Bundle bundle) {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        ServiceComponentRuntime runtime = reference == null ? null : context.getService(reference);
        if (runtime == null) {
            return Optional.empty();
        }
        try {
            return runtime.getComponentDescriptionDTOs(bundle).stream()
                    .flatMap(component -> runtime.getComponentConfigurationDTOs(component).stream())
                    .map(configuration -> configuration.failure)
                    .filter(Objects::nonNull)
                    .map(ExceptionText::words)
                    .findFirst();
        } finally {
            context.ungetService(reference);
        }
    }
}
