package dewy.shell.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What process groups use, as Linux tells it in its folder {@code /proc} (proc(5)). */
record ProcessGroups(Path proc) {
    private static final int STATE = 0;
    private static final int GROUP = 2;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int START_TICKS = 19;

    /**
     * A process.
     *
     * @param id its id
     * @param ticks the processor time it used, in ticks
     * @param start when it started, in ticks since the system did
     * @param residentBytes the memory of its that is resident; what it shares with others is counted in each
     */
    record Member(long id, long ticks, long start, long residentBytes) {}

    /**
     * All members of the groups that were asked for.
     *
     * @param groups the members by group; a group of which nothing is left is missing
     * @param uptime seconds since the system started
     */
    record Look(Map<Long, List<Member>> groups, double uptime) {}

    /** Looks at groups; finds nothing on a system without such a folder. */
    Look look(Set<Long> wanted) {
        Map<Long, List<Member>> groups = new HashMap<>();
        try (Stream<Path> entries = Files.list(proc)) {
            List<Path> processes = entries.filter(
                            path -> path.getFileName().toString().matches("\\d+"))
                    .toList();
            for (Path process : processes) {
                add(process, wanted, groups);
            }
            double uptime =
                    Double.parseDouble(Files.readString(proc.resolve("uptime")).split(" ", 2)[0]);
            return new Look(groups, uptime);
        } catch (IOException e) {
            return new Look(Map.of(), 0);
        }
    }

    private static void add(Path process, Set<Long> wanted, Map<Long, List<Member>> groups) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The name before may hold blanks and brackets.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long group = Long.parseLong(fields[GROUP]);
            if (wanted.contains(group) && !"Z".equals(fields[STATE])) {
                long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
                long id = Long.parseLong(process.getFileName().toString());
                Member member = new Member(id, ticks, Long.parseLong(fields[START_TICKS]), residentBytes(process));
                groups.computeIfAbsent(group, key -> new ArrayList<>()).add(member);
            }
        } catch (IOException e) {
            // It has just ended.
        }
    }

    private static long residentBytes(Path process) throws IOException {
        Optional<String> line = Files.readAllLines(process.resolve("status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst();
        return line.map(each -> Long.parseLong(each.replaceAll("\\D", "")) * 1_024)
                .orElse(0L);
    }
}
