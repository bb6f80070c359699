"""The process of an embedded rater: llama.cpp's server, started with settings from stdin, gone when stdin closes.

Runs as a script of its own, so that it needs nothing of the scorer and loads nothing but the engine. First line of
stdin: the settings as JSON, the key among them (never in the arguments, which others can read). First line of stdout:
`{"address": ...}` or `{"error": ...}`. Log lines go to stderr. End of stdin means that the parent has gone.
"""

import json
import os
import signal
import sys
import threading
from typing import Any

WARNINGS = 2


def main() -> None:
    """Serve until stdin ends."""
    settings = json.loads(sys.stdin.readline())
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever the engine prints is a log line
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which drains first
    threading.Thread(target=_follow_the_parent, daemon=True).start()
    try:
        server, started = _serve(settings)
    except (ImportError, RuntimeError) as error:
        started, server = {"error": f"{type(error).__name__}: {error}"}, None
    answer.write(json.dumps(started) + "\n")
    answer.flush()
    if server is not None:
        threading.Event().wait()


def _follow_the_parent() -> None:
    sys.stdin.read()
    os._exit(0)  # the engine's own threads are not to be waited for


def _serve(settings: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    os.environ["OMP_WAIT_POLICY"] = "passive"  # before the import: busy waiting makes a shared machine crawl
    import xllamacpp  # noqa: PLC0415 - see the line above

    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["name"]}  # else answers would carry the path of the file
    params.api_keys = [settings["key"]]
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.n_ctx, params.n_parallel = settings["n_ctx"], settings["n_parallel"]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["n_threads"]
    params.cache_prompt, params.cache_ram_mib, params.swa_full = True, 0, True
    if settings["chat_template"]:
        params.chat_template = settings["chat_template"]
    params.ui, params.endpoint_slots, params.cors_origins = False, False, "http://127.0.0.1"
    params.verbosity = WARNINGS
    server = xllamacpp.Server(params)
    return server, {"address": server.listening_address, "processor": xllamacpp.get_system_info().strip()}


if __name__ == "__main__":
    main()
