package dewy.shell.command;

import dewy.shell.command.ProcessGroups.Look;
import dewy.shell.command.ProcessGroups.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures what process groups use. The first measurement tells the average since their processes started, each later one
 * that since the one before. Used by one thread at a time.
 */
final class UsageMeter {
    /** Linux tells user space of 100 ticks a second, whatever the kernel counts in. */
    private static final double TICKS_A_SECOND = 100;

    private final ProcessGroups groups;
    private Look before = new Look(Map.of(), 0);

    UsageMeter(ProcessGroups groups) {
        this.groups = groups;
    }

    /**
     * What a group uses.
     *
     * @param cpuPercent processor time, 100 being one processor all the time
     * @param residentBytes memory
     */
    record Usage(double cpuPercent, long residentBytes) {}

    /** Returns what groups use; one of which nothing is left is missing. */
    Map<Long, Usage> measure(Set<Long> wanted) {
        Look now = groups.look(wanted);
        Map<Long, Usage> usages = new HashMap<>();
        now.groups().forEach((group, members) -> {
            long resident = members.stream().mapToLong(Member::residentBytes).sum();
            usages.put(group, new Usage(percent(group, members, now.uptime()), resident));
        });
        before = now;
        return usages;
    }

    private double percent(long group, List<Member> members, double uptime) {
        List<Member> earlier = before.groups().getOrDefault(group, List.of());
        double start = members.stream().mapToLong(Member::start).min().orElse(0) / TICKS_A_SECOND;
        double seconds = uptime - (earlier.isEmpty() ? start : before.uptime());
        long ticks = members.stream()
                .mapToLong(member -> member.ticks() - ticksBefore(earlier, member))
                .sum();
        return seconds <= 0 ? 0 : Math.round(ticks / TICKS_A_SECOND / seconds * 1_000) / 10.0;
    }

    private static long ticksBefore(List<Member> earlier, Member member) {
        return earlier.stream()
                .filter(each -> each.id() == member.id() && each.start() == member.start())
                .mapToLong(Member::ticks)
                .findFirst()
                .orElse(0);
    }
}
