package dewy.tck;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * Kills an agent, as far as a plugin can tell, after a step of one's choice. What the plugin reaches the world by (an engine, a
 * router, what keeps its record) is {@linkplain #guard guarded}; each call that may fail is a step. The step that is chosen
 * takes effect, and from then on nothing does: every call throws {@link Blown}, on all threads. So whoever tries all steps
 * has tried all states in which an agent can be killed. Safe for use by several threads.
 */
public final class Fuse {
    /** The agent is no more. It is an error, so that nothing takes it for a failure of what was asked. */
    public static final class Blown extends Error {
        private static final long serialVersionUID = 1L;

        Blown() {
            super("the agent was killed", null, false, false);
        }
    }

    private long left = Long.MAX_VALUE;
    private boolean blown;

    /** Kills the agent after so many steps from now on; at once for 0. */
    public synchronized void blowAfter(int steps) {
        left = steps;
        blown = steps == 0;
    }

    public synchronized boolean isBlown() {
        return blown;
    }

    /**
     * Returns a way to something outside that ends when the agent does.
     *
     * @param questions the methods that change nothing, which are no steps
     */
    public <T> T guard(Class<T> type, T target, String... questions) {
        Set<String> asking = Set.of(questions);
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    check();
                    Object result = invoke(method, target, arguments);
                    if (method.getExceptionTypes().length > 0 && !asking.contains(method.getName())) {
                        step();
                    }
                    return result;
                }));
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized void step() {
        left--;
        blown = blown || left <= 0;
        check();
    }

    private synchronized void check() {
        if (blown) {
            throw new Blown();
        }
    }
}
