"""Is handed a connection only once data has arrived, and closes it when the first read finds none; with "patient" it waits."""
import socket
import sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1)
listener.bind(("127.0.0.1", int(sys.argv[1])))
listener.listen()
patient = sys.argv[2:] == ["patient"]


def request_on(connection):
    connection.setblocking(patient)
    try:
        request = connection.recv(4096)
    except BlockingIOError:
        return b""
    connection.setblocking(True)
    while request and not request.endswith(b"\r\n\r\n"):
        more = connection.recv(4096)
        request = request + more if more else b""
    return request


while True:
    connection, _ = listener.accept()
    with connection:
        request = request_on(connection)
        print("asked for " + request.split()[1].decode() if request else "asked for nothing", flush=True)
        if request:
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
