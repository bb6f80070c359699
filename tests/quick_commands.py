"""`scorer` for tests that type many commands: a process that has loaded the program once and forks for each of them.

What runs is the program's own `main` with the caller's arguments, directory, environment and streams, in a process of
its own; only the second that loading takes is spared. `python tests/quick_commands.py SOCKET` serves until its stdin
ends; `start` starts that and gives a directory with a `scorer` to put on the PATH.
"""

import atexit
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

MOST_BYTES = 1 << 20
STREAMS = 3
LOADED_LATE = ("pyarrow.parquet", "pyarrow.compute", "scipy.special", "sklearn.linear_model", "sklearn.model_selection")
"""What many commands load when they need it; the threads that this starts are those of OpenBLAS, which minds a fork."""

CALLER = """#!{python} -SE
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [asked], [0, 1, 2])
    line.shutdown(socket.SHUT_WR)
    sys.exit(int(line.recv(16) or 1))
"""


@cache
def start() -> Path:
    """The directory, whose `scorer` works as long as this process lives."""
    place = Path(tempfile.mkdtemp(prefix="scorer-"))
    address = str(place / "socket")
    server = subprocess.Popen(
        [sys.executable, __file__, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
    )
    server.stdout.readline()
    caller = place / "scorer"
    caller.write_text(CALLER.format(python=sys.executable, address=address))
    caller.chmod(0o755)
    atexit.register(_stop, server, place)
    return place


def _environment() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "160"}


def _stop(server: "subprocess.Popen[bytes]", place: Path) -> None:
    server.stdin.close()
    server.wait()
    for file in place.iterdir():
        file.unlink()
    place.rmdir()


def main() -> None:
    """Serve until stdin ends: a fork for each caller, which forks the command and tells its status."""
    from scorer import cli  # noqa: PLC0415 - what this is all about

    for slow in LOADED_LATE:
        importlib.import_module(slow)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that forked
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            line, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _answer(line, cli.main)
            line.close()


def _answer(line: socket.socket, command) -> None:
    import json  # noqa: PLC0415 - the caller's text alone needs it

    asked, streams, _, _ = socket.recv_fds(line, MOST_BYTES, STREAMS)
    while more := line.recv(MOST_BYTES):
        asked += more
    child = os.fork()
    if child == 0:
        _become(streams, *json.loads(asked))
        _run(command)
    for stream in streams:
        os.close(stream)
    line.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
    os._exit(0)


def _become(streams: list[int], words: list[str], directory: str, environment: dict[str, str]) -> None:
    """Take over the caller's streams, arguments, directory and environment."""
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w", buffering=1)  # noqa: SIM115 - they stay open
    sys.argv = ["scorer", *words]
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)


def _run(command) -> None:
    """The command, to its end as Python ends: status of an exit, what is buffered, what is registered."""
    status = 0
    try:
        command()
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:  # noqa: BLE001 - as Python ends
        sys.excepthook(*sys.exc_info())
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
