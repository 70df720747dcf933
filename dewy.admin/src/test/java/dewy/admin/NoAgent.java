package dewy.admin;

import dewy.api.control.Agent;
import java.lang.reflect.Proxy;

/** An agent that is asked for nothing. */
final class NoAgent {
    private NoAgent() {}

    static Agent create() {
        return (Agent) Proxy.newProxyInstance(
                NoAgent.class.getClassLoader(), new Class<?>[] {Agent.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method.getName() + " is asked for");
                });
    }
}
