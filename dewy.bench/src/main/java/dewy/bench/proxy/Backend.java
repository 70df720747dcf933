package dewy.bench.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What all proxies lead to: one nginx with files, at two ports. */
final class Backend {
    private final int port;
    private final int other;

    private Backend(int port, int other) {
        this.port = port;
        this.other = other;
    }

    static Backend start(Path folder, List<Integer> sizes) throws IOException, InterruptedException {
        Backend backend = new Backend(Server.freePort(), Server.freePort());
        Path files = Files.createDirectories(folder.resolve("files"));
        for (int size : sizes) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            Files.write(files.resolve(Case.written(size)), content);
        }
        Path configuration = Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off;
                user root;
                worker_processes 2;
                worker_rlimit_nofile 30000;
                pid nginx.pid;
                error_log error.log crit;
                events { worker_connections 25000; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    open_file_cache max=100;
                    keepalive_timeout 120s;
                    keepalive_requests 1000000000;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server {
                        listen 127.0.0.1:%d backlog=4096;
                        listen 127.0.0.1:%d backlog=4096;
                        root files;
                        location /well { return 200; }
                    }
                }
                """
                        .formatted(backend.port, backend.other));
        Server.start(folder, backend.port, Peer.nginx(Programs.find("nginx"), folder, configuration));
        return backend;
    }

    int port() {
        return port;
    }

    /** Returns another port, which leads to the same. */
    int other() {
        return other;
    }
}
