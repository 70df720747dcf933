package dewy.posix;

import dewy.api.process.Escaped;
import dewy.api.process.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Descendants of a process group that have left it, each by a descriptor. */
final class EscapedProcesses implements Escaped {
    private final List<ProcessDescriptor> processes;
    private boolean closed;

    private EscapedProcesses(List<ProcessDescriptor> processes) {
        this.processes = processes;
    }

    /**
     * Finds them.
     *
     * @param isAlive whether the group has members, so that its number is its own
     */
    static Escaped of(int group, BooleanSupplier isAlive) {
        if (Constants.MACOS || !isAlive.getAsBoolean()) {
            return NONE;
        }
        List<ProcessEntry> all = ProcessEntry.all();
        List<ProcessDescriptor> open = new ArrayList<>();
        descendants(group, all).forEach(process -> open(process, open));
        EscapedProcesses escaped = new EscapedProcesses(open);
        // Only now is it sure whose number that was when the processes were listed.
        if (open.isEmpty() || !isAlive.getAsBoolean()) {
            escaped.close();
            return NONE;
        }
        return escaped;
    }

    private static List<ProcessEntry> descendants(int group, List<ProcessEntry> all) {
        Set<Integer> family = new HashSet<>();
        all.stream().filter(process -> process.group() == group).forEach(process -> family.add(process.pid()));
        List<ProcessEntry> escaped = new ArrayList<>();
        boolean grown = true;
        while (grown) {
            grown = false;
            for (ProcessEntry process : all) {
                if (family.contains(process.parent()) && family.add(process.pid())) {
                    escaped.add(process);
                    grown = true;
                }
            }
        }
        return escaped;
    }

    private static void open(ProcessEntry process, List<ProcessDescriptor> open) {
        try {
            ProcessDescriptor descriptor = ProcessDescriptor.open(process.pid());
            if (process.isCurrent()) {
                open.add(descriptor);
            } else {
                descriptor.close();
            }
        } catch (SystemCallException e) {
            // It has ended, or the system has no such descriptors.
        }
    }

    @Override
    public synchronized boolean isAlive() {
        return !closed && processes.stream().anyMatch(process -> !process.hasEnded());
    }

    @Override
    public synchronized void signal(Signal signal) {
        if (!closed) {
            processes.forEach(process -> process.send(signal));
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            processes.forEach(ProcessDescriptor::close);
        }
        closed = true;
    }
}
