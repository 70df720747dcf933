package dewy.notifier.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A mail server on loopback without encryption that says what it is told to, also what no server should. */
final class SmtpStandIn implements AutoCloseable {
    /** Nothing more is said. */
    static final String SILENCE = "silence";
    /** The connection ends. */
    static final String END = "end";
    /** What is said by itself: that all is well. */
    static final String USUAL = "usual";

    /** What was taken, without the dots that SMTP adds. */
    final List<String> mails = new CopyOnWriteArrayList<>();
    /** The commands, and {@code greeting} at each connection; {@code end of data} where that was told. */
    final List<String> commands = new CopyOnWriteArrayList<>();

    final CountDownLatch hanging = new CountDownLatch(1);
    /** Goes down when a client ended a connection on which nothing was said. */
    final CountDownLatch abandoned = new CountDownLatch(1);

    volatile UnaryOperator<String> replies = command -> USUAL;

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    SmtpStandIn() throws IOException {
        accepting = start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    long connections() {
        return commands.stream().filter("greeting"::equals).count();
    }

    /** Answers commands that begin like this in another way. */
    void answer(String beginning, String reply) {
        UnaryOperator<String> before = replies;
        replies = command -> command.startsWith(beginning) ? reply : before.apply(command);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            boolean goesOn = reply(socket, "greeting", "220 stand-in ESMTP");
            for (String line = goesOn ? in.readLine() : null;
                    line != null && goesOn;
                    line = goesOn ? in.readLine() : null) {
                goesOn = obey(socket, in, line);
            }
        } catch (IOException e) {
            // The client went away, or the test is over.
        } finally {
            open.remove(socket);
        }
    }

    private boolean obey(Socket socket, BufferedReader in, String line) throws IOException {
        switch (line.split(" ", 2)[0].toUpperCase(Locale.ROOT)) {
            case "EHLO" -> {
                return reply(socket, line, "250-stand-in\r\n250 AUTH PLAIN");
            }
            case "AUTH" -> {
                return reply(socket, line, "235 welcome");
            }
            case "DATA" -> {
                boolean goesOn = reply(socket, line, "354 go on");
                if (!goesOn || !replies.apply(line).equals(USUAL)) {
                    return goesOn;
                }
                String mail = mail(in);
                boolean taken = replies.apply("end of data").matches("usual|2.*");
                if (taken) {
                    mails.add(mail);
                }
                return reply(socket, "end of data", "250 taken");
            }
            case "QUIT" -> {
                reply(socket, line, "221 bye");
                return false;
            }
            default -> {
                return reply(socket, line, "250 well");
            }
        }
    }

    private static String mail(BufferedReader in) throws IOException {
        StringBuilder mail = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            mail.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
        }
        return mail.toString();
    }

    private boolean reply(Socket socket, String command, String usual) throws IOException {
        commands.add(command);
        String reply = replies.apply(command);
        if (reply.equals(SILENCE)) {
            hanging.countDown();
            while (socket.getInputStream().read() >= 0) {
                // Nothing is said any more.
            }
            abandoned.countDown();
            return false;
        }
        if (reply.equals(END)) {
            return false;
        }
        String said = reply.equals(USUAL) ? usual : reply;
        socket.getOutputStream().write((said + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "stand-in");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        server.close();
        try {
            accepting.join(); // Until it has noticed, a connection may still be accepted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
