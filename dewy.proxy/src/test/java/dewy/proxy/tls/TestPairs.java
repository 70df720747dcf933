package dewy.proxy.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dewy.proxy.tls.TlsSettings.Pair;
import dewy.proxy.tls.TlsSettings.Version;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates that nobody has to trust, which openssl makes; and what it does as a client. */
public final class TestPairs {
    private final Path folder;

    public TestPairs(Path folder) {
        this.folder = folder;
    }

    /** Makes one with a key of the kind EC for some hosts. */
    public Pair make(String name, String... hosts) throws IOException, InterruptedException {
        List<String> names = Arrays.stream(hosts).map(host -> "DNS:" + host).toList();
        String alternatives = "subjectAltName=" + String.join(",", names);
        return make(name, List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-addext", alternatives));
    }

    /** Makes one as options of openssl say. */
    Pair make(String name, List<String> options) throws IOException, InterruptedException {
        Pair pair = new Pair(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        List<String> command = new ArrayList<>(List.of("req", "-x509", "-nodes", "-subj", "/O=Test/CN=" + name));
        command.addAll(List.of("-keyout", pair.key().toString()));
        command.addAll(List.of("-out", pair.chain().toString()));
        command.addAll(options);
        run("", command);
        return pair;
    }

    /** Writes the key of a pair in another way, and returns the pair with that. */
    Pair rewritten(Pair pair, String... options) throws IOException, InterruptedException {
        Path key = folder.resolve(pair.key().getFileName() + "." + options.length + options[0]);
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(List.of("-in", pair.key().toString(), "-out", key.toString()));
        run("", command);
        return new Pair(pair.chain(), key);
    }

    /** Returns what openssl prints that is given something to read. */
    static String run(String input, List<String> command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("openssl"));
        all.addAll(command);
        return runProgram(input, all);
    }

    static String runProgram(String input, List<String> command) throws IOException, InterruptedException {
        File out = File.createTempFile("program", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out)
                    .start();
            process.getOutputStream().write(input.getBytes(UTF_8));
            process.getOutputStream().close();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            String said = Files.readString(out.toPath());
            assertThat(ended ? process.exitValue() : -1)
                    .as(String.join(" ", command) + ": " + said)
                    .isZero();
            return said;
        } finally {
            assertThat(out.delete()).isTrue();
        }
    }

    /** Returns the settings with some pairs. */
    static TlsSettings settings(Pair... pairs) {
        return new TlsSettings(List.of(pairs), Version.TLS_1_2);
    }
}
