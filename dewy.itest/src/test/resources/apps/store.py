#!/usr/bin/env python3
"""Stands in for a service manager's descriptor store.

store.py keep PATH           keeps what is sent to the datagram socket PATH, and lends it to whoever connects to PATH.lend
store.py start PATH COMMAND  replaces itself by a command that has what is kept, and is told where to send more
"""
import array
import os
import select
import socket
import sys

MOST = 16


def keep(path):
    inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    lender = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for listener, name in (inbox, path), (lender, path + ".lend"):
        listener.bind(name)
        os.chmod(name, 0o777)
    lender.listen()
    kept = {}
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([inbox, lender, sys.stdin], [], [])
        if inbox in ready:
            receive(inbox, kept)
        elif lender in ready:
            lend(lender, kept)
        else:
            return


def receive(inbox, kept):
    text, descriptors, _, _ = socket.recv_fds(inbox, 4096, 1)
    told = dict(line.split("=", 1) for line in text.decode().splitlines())
    if told.get("FDSTORE") == "1":
        kept[told["FDNAME"]] = descriptors[0]
    if told.get("FDSTOREREMOVE") == "1" and told["FDNAME"] in kept:
        os.close(kept.pop(told["FDNAME"]))


def lend(lender, kept):
    connection, _ = lender.accept()
    with connection:
        socket.send_fds(connection, [":".join(kept).encode() or b"-"], list(kept.values()))


def start(path, command):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(path + ".lend")
        names, descriptors, _, _ = socket.recv_fds(connection, 4096, MOST)
    out_of_the_way = [os.dup2(descriptor, 100 + i) for i, descriptor in enumerate(descriptors)]
    for i, descriptor in enumerate(out_of_the_way):
        os.dup2(descriptor, 3 + i)
    os.closerange(3 + len(descriptors), 200)
    os.environ["NOTIFY_SOCKET"] = path
    if descriptors:
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(descriptors)), LISTEN_FDNAMES=names.decode())
    os.execvp(command[0], command)


if sys.argv[1] == "keep":
    keep(sys.argv[2])
else:
    start(sys.argv[2], sys.argv[3:])
