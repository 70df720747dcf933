package dewy.api.process;

import org.osgi.annotation.versioning.ProviderType;

/** Something of the operating system that one plugin instance can leave to the next. */
@ProviderType
public interface Inheritable {}
