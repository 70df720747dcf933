package dewy.core.host;

/** What the plugins of an agent are changed with. */
record HostParts(
        ServicePluginDirectory directory,
        Shelf shelf,
        BundleStarter starter,
        PluginFolder folder,
        EarlierVersions earlier,
        JarSource jars,
        Exchange exchange,
        Inventory inventory,
        Admission admission) {}
