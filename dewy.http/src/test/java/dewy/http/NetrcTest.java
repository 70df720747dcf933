package dewy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetrcTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "machine a.example login me password one | me:one",
                "machine A.Example password one login me | me:one",
                "machine other login you password two machine a.example login me password one | me:one",
                "machine a.example login me password one machine a.example login you password two | me:one",
                "machine other login you password two default login me password one | me:one",
                "default login me password one machine a.example login you password two | me:one",
                "# machine a.example login you;machine a.example login me password one | me:one",
                "macdef init;machine a.example login you;;machine a.example;  login me;  password one | me:one",
                "machine a.example account x login me password \"o \\\"ne\" | me:o \"ne",
                "machine other login you password two | ''",
                "machine a.example | ''",
            })
    void readsNetrcAsCurlDoes(String text, String expected) throws Exception {
        Path file = Files.writeString(folder.resolve("netrc"), text.replace(';', '\n'));
        Netrc netrc = new Netrc(name -> Optional.of(file.toString()).filter(set -> name.equals("NETRC")));
        Credentials found = netrc.credentials("a.example");
        assertThat(found.headers()).isEqualTo(expected.isEmpty() ? Map.of() : basic(expected));
        assertThat(found.toString()).doesNotContain("one");
    }

    private static Map<String, String> basic(String userAndPassword) {
        byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
        return Map.of("authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
    }
}
