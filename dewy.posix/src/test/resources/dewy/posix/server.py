"""Answers each connection on the sockets from descriptor 3 on; ends on SIGTERM, whatever waits there."""
import os, select, signal, socket, sys

sockets = [socket.socket(fileno=3 + i) for i in range(int(sys.argv[1]))]
for each in sockets:
    each.setblocking(False)
wake, waker = os.pipe()
os.set_blocking(waker, False)
signal.set_wakeup_fd(waker)
signal.signal(signal.SIGTERM, lambda *_: None)
print("started", os.getpid(), flush=True)
while True:
    ready, _, _ = select.select(sockets + [wake], [], [])
    if wake in ready:
        break
    for each in ready:
        try:
            client, _ = each.accept()
        except BlockingIOError:
            continue
        client.setblocking(True)
        try:
            if client.recv(100):
                client.sendall(b"ok")
        except ConnectionError:
            pass
        client.close()
