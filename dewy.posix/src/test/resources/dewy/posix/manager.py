"""Stands in for a service manager: starts an agent for each line of its input, and keeps descriptors for it."""
import array, json, os, select, signal, socket, sys

path = sys.argv[1]
kept = {}
inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
inbox.bind(path)
os.chmod(path, 0o777)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)


def start(command, output):
    pid = os.fork()
    if pid == 0:
        out = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        moved = [os.dup2(os.dup(fd), 200 + i) for i, fd in enumerate(kept.values())]
        for i, fd in enumerate(moved):
            os.dup2(fd, 3 + i)
            os.set_inheritable(3 + i, True)
        os.closerange(3 + len(moved), 300)
        env = dict(os.environ, NOTIFY_SOCKET=path)
        if kept:
            env.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(kept)), LISTEN_FDNAMES=":".join(kept))
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.execvpe(command[0], command, env)
    print(pid, flush=True)


def receive():
    text, control, _, _ = inbox.recvmsg(4096, socket.CMSG_SPACE(64))
    fields = dict(line.split("=", 1) for line in text.decode().splitlines())
    fds = array.array("i")
    for level, kind, data in control:
        fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    if fields.get("FDSTORE") == "1":
        kept[fields["FDNAME"]] = fds[0]
    if fields.get("FDSTOREREMOVE") == "1" and fields["FDNAME"] in kept:
        os.close(kept.pop(fields["FDNAME"]))
    with open(path + ".log", "a") as log:
        log.write(" ".join(text.decode().splitlines()) + "\n")


while True:
    ready, _, _ = select.select([inbox, 0], [], [])
    if inbox in ready:
        receive()
    elif 0 in ready:
        line = os.read(0, 65536)
        if not line:
            break
        start(*json.loads(line))
