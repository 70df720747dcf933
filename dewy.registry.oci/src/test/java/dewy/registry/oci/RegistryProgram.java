package dewy.registry.oci;

import dewy.tck.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A registry as people run it, in a process of its own: Docker's 2.8, or distribution 3. */
final class RegistryProgram implements AutoCloseable {
    /** The line of htpasswd for {@link FakeRegistry#USER} and {@link FakeRegistry#PASSWORD}, by bcrypt as it asks. */
    private static final String USERS =
            FakeRegistry.USER + ":$2b$04$abcdefghijklmnopqrstuuWscnhV023hPeoJAwg.6B608snH0AoXe\n";

    final int port;
    private final ServerProgram program;

    private RegistryProgram(int port, ServerProgram program) {
        this.port = port;
        this.program = program;
    }

    /** Starts one that wants to be shown a password. */
    static RegistryProgram withPassword(Path folder, String program) throws IOException {
        Path users = Files.writeString(folder.resolve("users"), USERS);
        return start(folder, program, "{htpasswd: {realm: test, path: " + users + "}}");
    }

    /** Starts one that wants to be shown tokens of a service, signed with the key of a certificate. */
    static RegistryProgram withTokens(Path folder, String program, String realm, Path certificate) throws IOException {
        return start(
                folder,
                program,
                "{token: {realm: \"" + realm + "\", service: registry.test, issuer: issuer.test, rootcertbundle: "
                        + certificate + "}}");
    }

    private static RegistryProgram start(Path folder, String program, String access) throws IOException {
        int port = ServerProgram.freePort();
        Path configuration = Files.writeString(
                folder.resolve("registry.yml"),
                """
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                http: {addr: "127.0.0.1:%d", secret: x}
                auth: %s
                """
                        .formatted(folder.resolve("data"), port, access));
        return new RegistryProgram(port, ServerProgram.start(folder, port, program, "serve", configuration.toString()));
    }

    String url() {
        return "img://127.0.0.1:" + port + "/acme/app";
    }

    String address() {
        return "http://127.0.0.1:" + port + "/v2/acme/app";
    }

    @Override
    public void close() {
        program.close();
    }
}
