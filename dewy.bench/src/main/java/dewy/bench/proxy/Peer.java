package dewy.bench.proxy;

import static dewy.bench.proxy.Case.Mode.HTTP;
import static dewy.bench.proxy.Case.Mode.HTTPS;
import static dewy.bench.proxy.Case.Mode.TCP;

import dewy.bench.proxy.Case.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The proxies that the built-in one is compared with, each as it is usually set up for two cores. */
enum Peer {
    HAPROXY("haproxy", HTTP, TCP, HTTPS) {
        @Override
        List<String> command(Path program, Path folder, Place place) throws IOException {
            return List.of(
                    program.toString(),
                    "-db",
                    "-f",
                    place.write(
                            folder.resolve("haproxy.cfg"),
                            """
                    global
                        nbthread 2
                        maxconn 12000
                        no strict-limits
                    defaults
                        timeout connect 5s
                        timeout client 120s
                        timeout server 120s
                        timeout http-keep-alive 120s
                        maxconn 12000
                    frontend http
                        mode http
                        bind 127.0.0.1:$HTTP
                        bind 127.0.0.1:$HTTPS ssl crt $PEM
                        option forwardfor
                        default_backend http
                    backend http
                        mode http
                        http-reuse always
                        server one 127.0.0.1:$BACKEND
                    listen tcp
                        mode tcp
                        bind 127.0.0.1:$TCP
                        server one 127.0.0.1:$BACKEND
                    """));
        }
    },

    NGINX("nginx", HTTP, HTTPS) {
        @Override
        List<String> command(Path program, Path folder, Place place) throws IOException {
            return nginx(
                    program,
                    folder,
                    Path.of(
                            place.write(
                                    folder.resolve("nginx.conf"),
                                    """
                    daemon off;
                    user root;
                    worker_processes 2;
                    worker_rlimit_nofile 60000;
                    pid nginx.pid;
                    error_log error.log crit;
                    events { worker_connections 25000; }
                    http {
                        access_log off;
                        keepalive_timeout 120s;
                        keepalive_requests 1000000000;
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        upstream one { server 127.0.0.1:$BACKEND; keepalive 1024; keepalive_requests 1000000000; }
                        server {
                            listen 127.0.0.1:$HTTP backlog=4096;
                            listen 127.0.0.1:$HTTPS ssl backlog=4096;
                            ssl_certificate $PEM;
                            ssl_certificate_key $PEM;
                            location / {
                                proxy_pass http://one;
                                proxy_http_version 1.1;
                                proxy_set_header Connection "";
                                proxy_set_header Host $host;
                                proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            }
                        }
                    }
                    """)));
        }
    },

    CADDY("caddy", HTTP, HTTPS) {
        @Override
        List<String> command(Path program, Path folder, Place place) throws IOException {
            String file = place.write(
                    folder.resolve("Caddyfile"),
                    """
                    {
                        admin off
                        auto_https off
                    }
                    http://127.0.0.1:$HTTP {
                        bind 127.0.0.1
                        reverse_proxy 127.0.0.1:$BACKEND
                    }
                    https://127.0.0.1:$HTTPS {
                        bind 127.0.0.1
                        tls $PEM $PEM
                        reverse_proxy 127.0.0.1:$BACKEND
                    }
                    """);
            return List.of(program.toString(), "run", "--adapter", "caddyfile", "--config", file);
        }
    },

    /** It listens on all interfaces, and cannot be told not to. */
    KAMAL_PROXY("kamal-proxy", HTTP) {
        @Override
        List<String> command(Path program, Path folder, Place place) {
            return List.of(
                    program.toString(),
                    "run",
                    "--http-port",
                    "" + place.port(HTTP),
                    "--https-port",
                    "" + place.port(HTTPS));
        }

        @Override
        void lead(Path program, Path folder, Place place) throws IOException, InterruptedException {
            String beside = "XDG_RUNTIME_DIR=" + folder;
            List<String> deploy = new ArrayList<>(List.of("env", beside, program.toString(), "deploy", "one"));
            deploy.addAll(List.of("--target", "127.0.0.1:" + place.backend(), "--health-check-path", "/well"));
            String unused = Server.run(folder, deploy);
        }
    },

    /** The relay of the original: the same for any protocol. */
    DEWY_RELAY("dewy-relay", TCP) {
        @Override
        List<String> command(Path program, Path folder, Place place) {
            return List.of(program.toString(), "" + place.port(TCP), "" + place.backend());
        }
    };

    /**
     * Where a proxy is, and leads to.
     *
     * @param pem a certificate and its key
     */
    record Place(Map<Mode, Integer> ports, int backend, Path pem) {
        static Place free(int backend, Path pem) throws IOException {
            Map<Mode, Integer> ports = new EnumMap<>(Mode.class);
            for (Mode mode : Mode.values()) {
                ports.put(mode, Server.freePort());
            }
            return new Place(ports, backend, pem);
        }

        int port(Mode mode) {
            return ports.getOrDefault(mode, 0);
        }

        /** Writes a configuration, and returns where it is. */
        String write(Path file, String configuration) throws IOException {
            String text = configuration
                    .replace("$BACKEND", "" + backend)
                    .replace("$HTTPS", "" + port(HTTPS))
                    .replace("$HTTP", "" + port(HTTP))
                    .replace("$TCP", "" + port(TCP))
                    .replace("$PEM", pem.toString());
            return Files.writeString(file, text).toString();
        }
    }

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // Nobody changes it, which its type does not say.
    private final Set<Mode> modes;

    Peer(String title, Mode... modes) {
        this.title = title;
        this.modes = Set.of(modes);
    }

    /**
     * Starts it in a folder.
     *
     * @throws IOException if it is not there, cannot be built, or does not listen
     */
    Contender start(Path folder, Place place) throws IOException, InterruptedException {
        Path program = Programs.find(title);
        int port = place.port(modes.contains(HTTP) ? HTTP : TCP);
        Server server = Server.start(folder, port, command(program, folder, place));
        lead(program, folder, place);
        return new Contender() {
            @Override
            public String title() {
                return title;
            }

            @Override
            public boolean speaks(Mode mode) {
                return modes.contains(mode);
            }

            @Override
            public int port(Mode mode) {
                return place.port(mode);
            }

            @Override
            public List<ProcessHandle> processes() {
                return server.processes();
            }
        };
    }

    /** Returns the command that has it listen. */
    abstract List<String> command(Path program, Path folder, Place place) throws IOException;

    /** Leads it to the backend, where that is not said before it starts. */
    void lead(Path program, Path folder, Place place) throws IOException, InterruptedException {}

    static List<String> nginx(Path program, Path folder, Path configuration) {
        return List.of(program.toString(), "-p", folder.toString(), "-c", configuration.toString(), "-e", "stderr");
    }

    /** Returns the one with a name. */
    static Peer named(String name) {
        for (Peer peer : values()) {
            if (peer.title.equals(name)) {
                return peer;
            }
        }
        throw new IllegalArgumentException("there is no peer " + name);
    }

    @Override
    public String toString() {
        return title;
    }
}
