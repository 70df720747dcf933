package dewy.runtime.docker.options;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.TmpfsOptions;
import com.github.dockerjava.api.model.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads folders and volumes as {@code docker run} does. */
final class Mounts {
    private Mounts() {}

    /** Reads {@code source:target[:options]}, or a bare target for a volume that goes with its container. */
    static void addVolumes(List<String> values, ContainerTemplate template) {
        List<Bind> binds = new ArrayList<>();
        List<Volume> anonymous = new ArrayList<>();
        for (String value : values) {
            boolean relative = value.startsWith(".") || value.startsWith("~");
            RunOption.require(!relative, value, "on an absolute path, nor a volume with a name");
            if (value.contains(":")) {
                binds.add(Bind.parse(value));
            } else {
                anonymous.add(new Volume(value));
            }
        }
        template.add((command, host) -> {
            host.withBinds(binds);
            command.withVolumes(anonymous);
        });
    }

    /** Reads {@code type=…,source=…,target=…,readonly}. */
    static void addMounts(List<String> values, ContainerTemplate template) {
        List<Mount> mounts = values.stream().map(Mounts::mount).toList();
        template.add((command, host) -> host.withMounts(mounts));
    }

    /** Reads {@code target[:options]}. */
    static void addTmpfs(List<String> values, ContainerTemplate template) {
        Map<String, String> folders = new LinkedHashMap<>();
        for (String value : values) {
            int colon = value.indexOf(':');
            folders.put(colon < 0 ? value : value.substring(0, colon), colon < 0 ? "" : value.substring(colon + 1));
        }
        template.add((command, host) -> host.withTmpFs(folders));
    }

    private static Mount mount(String value) {
        Mount mount = new Mount().withType(MountType.VOLUME);
        TmpfsOptions tmpfs = new TmpfsOptions();
        RunOption.pairs(List.of(value.split(","))).forEach((key, text) -> {
            switch (key.toLowerCase(Locale.ROOT)) {
                case "type" -> mount.withType(MountType.valueOf(text.toUpperCase(Locale.ROOT)));
                case "source", "src" -> mount.withSource(text);
                case "target", "dst", "destination" -> mount.withTarget(text);
                case "readonly", "ro" -> mount.withReadOnly(!text.equals("false"));
                case "tmpfs-size" -> mount.withTmpfsOptions(tmpfs.withSizeBytes(RunOption.bytes(text)));
                case "tmpfs-mode" -> mount.withTmpfsOptions(tmpfs.withMode(Integer.parseInt(text, 8)));
                default -> throw new IllegalArgumentException("\"" + key + "\" of a mount is not understood");
            }
        });
        RunOption.require(mount.getTarget() != null, value, "a mount with a target");
        return mount;
    }
}
