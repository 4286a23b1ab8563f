"""launchctl of the stand-in: client.py FOLDER VERB ... asks the manager in launchctl.py.

A command of Lamplighter runs it several times, so it imports only what Python has loaded anyway.
"""
import _socket
import sys

client = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
client.connect(sys.argv[1] + "/s")
client.sendall("\0".join(sys.argv[2:]).encode(errors="surrogateescape") + b"\n")
answer = b""
while part := client.recv(65536):
    answer += part
head, text = answer.split(b"\n", 1)
status, length = map(int, head.split())
for stream, part in ((sys.stdout, text[:length]), (sys.stderr, text[length:])):
    stream.buffer.write(part)
    stream.flush()
sys.exit(status)
