/**
 * Plugins in the framework: what core does with their bundles. {@link dewy.core.host.PluginHost} puts it together. The life of a
 * plugin, and where it is told:
 *
 * <ol>
 *   <li>Its bundle came with the launcher or lies in the folder {@code plugins}, and is started when an app names a scheme that
 *       it declares: {@code AvailablePlugins}, {@code BundleStarter}.
 *   <li>What it registers is looked at, and offered to apps: {@code ServicePluginDirectory}, {@code ServiceOffer}.
 *   <li>It comes, or a newer version of it, because somebody wants it ({@code PluginCommands}) or puts a jar into the folder
 *       ({@code FolderWatch}, {@code HotDeployment}); {@code PluginChanges} has one change be made after the other, and
 *       {@code ChangeRules} says what may be.
 *   <li>It takes the place of the version before: {@code Replacement}. It is proved by {@code Admission}, and all apps move to it
 *       or none: {@code Switchover}. The version before is kept for a rollback: {@code EarlierVersions}.
 *   <li>It is disabled ({@code Disablement}) or removed ({@code Retirement}): apps use others first. {@code BundleRemoval} tells
 *       of what it leaves behind.
 * </ol>
 *
 * <p>What an app does with its plugins is in {@link dewy.core.plugin}.
 */
@NullMarked
package dewy.core.host;

import org.jspecify.annotations.NullMarked;
