package dewy.api.plugin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Put on the Declarative Services component of a provider: it sets the service properties {@code dewy.kind} and {@code
 * dewy.scheme}, by which core finds it, and adds the capability {@code dewy.plugin} to the manifest of its bundle, by
 * which the bundle is found before it is started.
 */
@ComponentPropertyType
@Capability(
        namespace = Plugin.NAMESPACE,
        attribute = {"kind=${#kind}", "scheme:List<String>=\"${#scheme}\""})
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Plugin {
    /** Comes before each property name. */
    String PREFIX_ = "dewy.";

    /** The namespace of the capability. */
    String NAMESPACE = "dewy.plugin";

    /** The service property that holds the schemes. */
    String SCHEME = "dewy.scheme";

    /** Returns the kind of plugin: {@code registry}, {@code artifact}, {@code cache}, {@code store}, … */
    String kind();

    /** Returns the URL schemes it answers to. */
    String[] scheme();
}
