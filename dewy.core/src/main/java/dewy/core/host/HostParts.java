package dewy.core.host;

/** What the plugins of an agent are changed with. */
record HostParts(
        ServicePluginDirectory directory,
        AvailablePlugins available,
        BundleStarter starter,
        PluginFolder folder,
        EarlierVersions earlier,
        JarSource jars,
        Switchover switchover,
        Inventory inventory,
        Admission admission) {}
