package dewy.core.install;

import dewy.core.journal.AppMemory;
import dewy.core.journal.Installed;
import java.util.ArrayList;
import java.util.List;

/**
 * What stays of what was installed.
 *
 * @param keep how many of the newest releases that did not fail
 * @param keepFailed how many of those that failed besides
 * @param inUse what stays however old it is
 */
public record Retention(int keep, int keepFailed, List<Installed> inUse) {
    /** Returns the images that are too many, of those that an app knows. */
    List<String> surplusImages(AppMemory memory) {
        List<Installed> staying = new ArrayList<>(inUse);
        List<Installed> good = new ArrayList<>();
        List<Installed> failed = new ArrayList<>();
        List<Installed> all = memory.installed().stream()
                .filter(release -> release.image().isPresent())
                .toList();
        all.forEach(release -> (memory.isBad(release) ? failed : good).add(release));
        staying.addAll(good.subList(0, Math.min(keep, good.size())));
        staying.addAll(failed.subList(0, Math.min(keepFailed, failed.size())));
        // The same image may be that of several versions.
        List<String> images =
                staying.stream().flatMap(release -> release.image().stream()).toList();
        return all.stream()
                .flatMap(release -> release.image().stream())
                .filter(image -> !images.contains(image))
                .distinct()
                .toList();
    }
}
