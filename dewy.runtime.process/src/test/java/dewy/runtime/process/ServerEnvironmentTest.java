package dewy.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.plugin.Secret;
import dewy.api.process.ListeningAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerEnvironmentTest {
    @Test
    void describesTheSocketsInBothConventions() {
        Map<String, String> environment = new ServerEnvironment(
                        List.of(
                                new ListeningAddress("", 8080),
                                new ListeningAddress("127.0.0.1", 8081),
                                new ListeningAddress("::1", 8082),
                                new ListeningAddress("/run/a:b.sock", 0)),
                        7)
                .over(Map.of(), Map.of());

        assertThat(environment)
                .containsOnly(
                        Map.entry("SERVER_STARTER_PORT", "8080=3;127.0.0.1:8081=4;[::1]:8082=5;/run/a:b.sock=6"),
                        Map.entry("SERVER_STARTER_GENERATION", "7"),
                        Map.entry("LISTEN_FDS", "4"),
                        Map.entry("LISTEN_FDNAMES", "8080:8081:8082:/run/a_b.sock"));
    }

    @Test
    void hidesWhatConcernsTheAgent() {
        Map<String, String> agent = Map.of(
                "PATH", "/bin", "LISTEN_FDS", "1", "LISTEN_PID", "1", "NOTIFY_SOCKET", "/run/notify", "TIER", "agent");

        Map<String, String> environment =
                new ServerEnvironment(List.of(), 1).over(agent, Map.of("TIER", "app", "DEWY_VERSION", "v1"));

        assertThat(environment)
                .containsOnly(
                        Map.entry("PATH", "/bin"),
                        Map.entry("TIER", "app"),
                        Map.entry("DEWY_VERSION", "v1"),
                        Map.entry("SERVER_STARTER_PORT", ""),
                        Map.entry("SERVER_STARTER_GENERATION", "1"));
    }

    @Test
    void keepsTheCredentialsOfTheAgentToItselfUnlessToldOtherwise() {
        Map<String, String> agent = Map.of(
                "FIRST_SECRET",
                "env:ELSEWHERE",
                "ELSEWHERE",
                "a",
                "SECOND_SECRET",
                "b",
                "THIRD_SECRET",
                "c",
                "OTHER",
                "d");
        Secret.of("env:FIRST_SECRET");
        Secret.withhold("SECOND_SECRET", "THIRD_SECRET");
        assertThat(new ServerEnvironment(List.of(), 1).over(agent, Map.of()))
                .containsEntry("OTHER", "d")
                .doesNotContainKeys("FIRST_SECRET", "ELSEWHERE", "SECOND_SECRET", "THIRD_SECRET");

        Map<String, String> passing = new HashMap<>(agent);
        passing.put("DEWY_PASS_CREDENTIALS", "THIRD_SECRET, SECOND_SECRET,THIRD_SECRET");
        assertThat(new ServerEnvironment(List.of(), 1).over(passing, Map.of()))
                .containsEntry("THIRD_SECRET", "c")
                .containsEntry("SECOND_SECRET", "b")
                .doesNotContainKeys("FIRST_SECRET");
    }
}
