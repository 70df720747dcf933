package dewy.itest;

import dewy.tck.HttpStandIn;
import dewy.tck.HttpStandIn.Answer;
import dewy.tck.HttpStandIn.Asked;
import dewy.tck.Mailpit;
import dewy.tck.ServerProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Notifiers that are neither Slack nor the log, swapped under load. */
class NotifiersSwapIT {
    @Nested
    class ByMail extends SwapLoop {
        @TempDir
        Path place;

        private final int port = ServerProgram.freePort();
        private @Nullable Mailpit server;

        ByMail() throws IOException {}

        @BeforeEach
        void start() throws IOException {
            server = Mailpit.start(place, port);
        }

        @AfterEach
        void stop() {
            server().close();
        }

        private Mailpit server() {
            return java.util.Objects.requireNonNull(server);
        }

        @Override
        List<String> plugins() {
            return List.of("dewy.notifier.mail");
        }

        @Override
        public List<String> options() throws IOException {
            String mail = "smtp://127.0.0.1:" + port + "/night@example.com?tls=false&from=dewy@example.com";
            return List.of("--registry", "file://" + registry(), "--notifier", mail);
        }

        @Override
        List<String> told(AgentProcess agent) {
            try {
                return server().subjects();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Nested
    class ByWebhook extends SwapLoop {
        private final HttpStandIn hook = new HttpStandIn();

        ByWebhook() throws IOException {
            hook.answer(asked -> Answer.of(204, ""));
        }

        @AfterEach
        void stop() throws IOException {
            hook.close();
        }

        @Override
        List<String> plugins() {
            return List.of("dewy.notifier.webhook");
        }

        @Override
        public List<String> options() throws IOException {
            return List.of("--registry", "file://" + registry(), "--notifier", "webhook:?url=env:SWAP_HOOK");
        }

        @Override
        public Map<String, String> environment() {
            return Map.of("SWAP_HOOK", hook.address() + "/deploys");
        }

        @Override
        List<String> told(AgentProcess agent) {
            return hook.asked.stream().map(Asked::body).toList();
        }
    }
}
