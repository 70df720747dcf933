#!/usr/bin/env python3
"""A web server on inherited sockets, or at the port it is told, that tells its version, and ends gracefully on SIGTERM."""
import os
import select
import signal
import socket
import threading

here = os.path.dirname(os.path.realpath(__file__))
version = open(os.path.join(here, "VERSION")).read().strip()
listeners = [socket.socket(fileno=int(entry.rsplit("=", 1)[1]))
             for entry in os.environ["SERVER_STARTER_PORT"].split(";") if entry]
if not listeners:
    listeners = [socket.create_server(("127.0.0.1", int(os.environ["PORT"])), backlog=128)]
draining = threading.Event()
wake_read, wake_write = os.pipe()


def terminate(*_):
    draining.set()
    os.write(wake_write, b"x")


def serve(connection):
    with connection:
        received = b""
        while True:
            while b"\r\n\r\n" not in received:
                data = connection.recv(65536)
                if not data:
                    return
                received += data
            head, received = received.split(b"\r\n\r\n", 1)
            close = draining.is_set() or b"connection: close" in head.lower()
            body = f"{version} generation {os.environ.get('SERVER_STARTER_GENERATION')} pid {os.getpid()}\n".encode()
            answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n"
            answer += "Connection: close\r\n\r\n" if close else "\r\n"
            connection.sendall(answer.encode() + body)
            if close:
                return


signal.signal(signal.SIGTERM, terminate)
for listener in listeners:
    listener.setblocking(False)
threads = []
while not draining.is_set():
    ready, _, _ = select.select(listeners + [wake_read], [], [])
    for listener in ready:
        if listener == wake_read:
            continue
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            continue
        connection.setblocking(True)
        thread = threading.Thread(target=serve, args=(connection,))
        thread.start()
        threads = [t for t in threads if t.is_alive()] + [thread]
for thread in threads:
    thread.join(20)
