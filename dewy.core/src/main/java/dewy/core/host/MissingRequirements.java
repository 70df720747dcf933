package dewy.core.host;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Says in words what a bundle lacks. Safe for use by several threads. */
final class MissingRequirements {
    private static final String SERVICE = "osgi.service";
    private static final Pattern AT_LEAST = Pattern.compile("\\(version>=([^)]+)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\(version>=([^)]+)\\)\\)");

    private final BundleContext context;

    MissingRequirements(BundleContext context) {
        this.context = context;
    }

    /** Returns what a bundle needs and nobody offers, in words; nothing when it can be started. */
    List<String> lacks(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return List.of();
        }
        List<String> lacks = new ArrayList<>();
        for (BundleRequirement requirement : revision.getDeclaredRequirements(null)) {
            if (isMandatory(requirement)
                    && providers(requirement, revision).findAny().isEmpty()) {
                lacks.add(words(requirement));
            }
        }
        return lacks;
    }

    /** Returns the services that the components of a bundle wait for, in words. */
    List<String> awaits(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return List.of();
        }
        return revision.getDeclaredRequirements(SERVICE).stream()
                .filter(requirement ->
                        !"optional".equals(requirement.getDirectives().get(Constants.RESOLUTION_DIRECTIVE)))
                .map(requirement -> requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, ""))
                .map(filter -> filter.replaceAll(".*objectClass=([^)]+)\\).*", "$1"))
                .filter(type -> !type.isEmpty() && !isRegistered(type))
                .map(type -> "its component waits for the service " + type + ", which nobody offers")
                .toList();
    }

    private boolean isRegistered(String type) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(type, null);
            return found != null && found.length > 0;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("without a filter there is no wrong one", e);
        }
    }

    private static boolean isMandatory(BundleRequirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String effective = directives.getOrDefault(Constants.EFFECTIVE_DIRECTIVE, Constants.EFFECTIVE_RESOLVE);
        String resolution = directives.getOrDefault(Constants.RESOLUTION_DIRECTIVE, Constants.RESOLUTION_MANDATORY);
        return Constants.EFFECTIVE_RESOLVE.equals(effective)
                && Constants.RESOLUTION_MANDATORY.equals(resolution)
                && !requirement.getNamespace().startsWith("osgi.wiring.host");
    }

    private Stream<BundleCapability> providers(BundleRequirement requirement, BundleRevision own) {
        Stream<BundleCapability> others = Arrays.stream(context.getBundles())
                .map(bundle -> bundle.adapt(BundleRevision.class))
                .filter(revision -> revision != null && revision != own)
                .flatMap(revision -> revision.getDeclaredCapabilities(requirement.getNamespace()).stream());
        return Stream.concat(others, own.getDeclaredCapabilities(requirement.getNamespace()).stream())
                .filter(requirement::matches);
    }

    private String words(BundleRequirement requirement) {
        String filter = requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "");
        Matcher name = Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^)]+)\\)")
                .matcher(filter);
        if (!name.find()) {
            return "it needs " + requirement.getNamespace() + (filter.isEmpty() ? "" : " with " + filter)
                    + ", which nobody offers";
        }
        String what = PackageNamespace.PACKAGE_NAMESPACE.equals(requirement.getNamespace())
                ? "the package " + name.group(1)
                : requirement.getNamespace() + " " + name.group(1);
        return "it needs " + what + range(filter) + ", which nobody offers" + others(requirement, name.group(1));
    }

    private static String range(String filter) {
        Matcher from = AT_LEAST.matcher(filter.replaceAll("\\(!\\(version[^)]*\\)\\)", ""));
        Matcher below = BELOW.matcher(filter);
        return (from.find() ? " from version " + from.group(1) : "") + (below.find() ? " below " + below.group(1) : "");
    }

    /** Somebody may offer it in another version. */
    private String others(BundleRequirement requirement, String name) {
        Optional<Filter> named = filter("(" + requirement.getNamespace() + "=" + name + ")");
        List<String> versions = Arrays.stream(context.getBundles())
                .map(bundle -> bundle.adapt(BundleRevision.class))
                .filter(revision -> revision != null)
                .flatMap(revision -> revision.getDeclaredCapabilities(requirement.getNamespace()).stream())
                .filter(offered -> named.isPresent() && named.get().matches(offered.getAttributes()))
                .map(offered -> offered.getAttributes().get("version") + " of "
                        + offered.getRevision().getSymbolicName())
                .distinct()
                .toList();
        return versions.isEmpty() ? "" : " in that version (there is " + String.join(", ", versions) + ")";
    }

    private static Optional<Filter> filter(String text) {
        try {
            return Optional.of(FrameworkUtil.createFilter(text));
        } catch (InvalidSyntaxException e) {
            return Optional.empty();
        }
    }
}
