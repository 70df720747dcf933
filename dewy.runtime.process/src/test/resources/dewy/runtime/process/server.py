"""Serves HTTP on the sockets it inherits; on SIGTERM it answers what is under way and ends."""
import os
import select
import signal
import socket
import threading

generation = os.environ["SERVER_STARTER_GENERATION"].encode()
stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())


def answer(connection):
    """Answers until the client is done, or the server stops: then the next answer is the last."""
    received = b""
    last = False
    while not last:
        while b"\r\n\r\n" not in received:
            chunk = connection.recv(4096)
            if not chunk:
                return
            received += chunk
        head, received = received.split(b"\r\n\r\n", 1)
        last = stopping.is_set() or b"connection: close" in head.lower()
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: %s\r\n\r\n%s"
            % (len(generation), b"close" if last else b"keep-alive", generation)
        )


def serve(connection):
    with connection:
        connection.setblocking(True)
        answer(connection)


def main():
    specification = os.environ["SERVER_STARTER_PORT"]
    listeners = [socket.socket(fileno=int(part.rsplit("=", 1)[1])) for part in specification.split(";")]
    for listener in listeners:
        listener.setblocking(False)
    print("generation", generation.decode(), "serves", flush=True)
    while not stopping.is_set():
        for listener in select.select(listeners, [], [], 0.1)[0]:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                continue
            threading.Thread(target=serve, args=(connection,)).start()


main()
