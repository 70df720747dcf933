package dewy.view;

import static org.assertj.core.api.Assertions.assertThat;

import dewy.api.control.ProxyStatus;
import dewy.api.proxy.Admission;
import dewy.api.proxy.Latency;
import dewy.api.proxy.ProxyStatistics;
import dewy.api.route.Listener;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void writesWhatAProxyTells() throws Exception {
        Admission admission = Admission.maintenance("Back soon", Duration.ofMillis(1_500));
        ProxyStatus proxy = new ProxyStatus(
                "web",
                "builtin",
                admission,
                Listener.parseList("8080,8081:3000"),
                List.of(),
                new ProxyStatistics(0, 0, List.of()));
        assertThat(Json.line(proxy))
                .contains("\"mode\":\"maintenance\"", "\"retry_after\":1.5", "\"unix\":false}}", "\"target\":3000}");
    }

    @Test
    void writesHowLongRequestsTookAsPeopleCompareIt() {
        long[] counts = new long[Latency.BUCKETS];
        counts[Latency.bucket(Duration.ofMillis(2).toNanos())] = 98;
        counts[Latency.bucket(Duration.ofSeconds(1).toNanos())] = 2;
        assertThat(Json.line(Latency.of(counts))).isEqualTo("{\"count\":100,\"p50\":0.002048,\"p99\":1.048576}\n");
        assertThat(Json.line(Latency.NONE)).isEqualTo("{\"count\":0}\n");
    }
}
