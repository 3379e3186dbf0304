# A network of its own that has nothing but a loopback, and one door: a port of the machine's loopback, printed first,
# which leads to the port inside that is given. A socket stays in the network that it was made in.
import ctypes
import fcntl
import socket
import struct
import sys
import threading

SIOCSIFFLAGS, IFF_UP, CLONE_NEWNET = 0x8914, 0x1, 0x40000000

door = socket.create_server(("127.0.0.1", 0), backlog=128)
if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
    sys.exit("no right to make a network")
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))
print(door.getsockname()[1], flush=True)


def carry(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        target.close()


while True:
    outer, _ = door.accept()
    try:
        inner = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        outer.close()
        continue
    for ends in ((outer, inner), (inner, outer)):
        threading.Thread(target=carry, args=ends, daemon=True).start()
