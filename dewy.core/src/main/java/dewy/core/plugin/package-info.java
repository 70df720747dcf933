/**
 * Plugins in an app. A {@link dewy.core.plugin.PluginSlot} is where an instance is plugged in: {@code ProviderChoice} says from
 * which provider, {@code PluginInstances} opens it and has it take over from the one before, {@code SlotUsage} says who is busy
 * with it, and {@code ParkedState} is what it handed over and nobody has adopted yet. {@link dewy.core.plugin.Guard} runs all
 * code of plugins.
 */
@NullMarked
package dewy.core.plugin;

import org.jspecify.annotations.NullMarked;
