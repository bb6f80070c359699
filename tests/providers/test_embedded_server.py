import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from asking import cell_of, rater_of

from scorer.domain.rating import AnswerMode, Message
from scorer.errors import ArtefactError, ConfigurationError, PermanentError
from scorer.providers import EmbeddedServer, check_rater, embedded, open_provider

RULES = "Rate how much of a task software can do. Categories: 0 none, 25 a little, 50 half, 75 most, 100 all. " * 12


@pytest.fixture(scope="module")
def server(weights):
    with EmbeddedServer(weights, name="tiny") as running:
        yield running


def token_rater(**changed):
    return rater_of(provider="embedded", model="tiny", base_url=None, api_key_env=None, answer="token", **changed)


def asking(server, question):
    """Run a question against the server with the ordinary provider."""

    async def once():
        provider = open_provider(token_rater(), endpoint=server.endpoint)
        try:
            return await question(provider)
        finally:
            await provider.aclose()

    return asyncio.run(once())


def rubric_cell(task: str, prefill: str = "Category:"):
    return cell_of(
        token_rater(),
        Message(role="system", content=RULES),
        Message(role="user", content=f"Task: {task}\nAnswer with one category."),
        Message(role="assistant", content=prefill),
    )


def test_an_embedded_rater_passes_the_probe_of_any_other(server):
    """The real engine, asked through the real SDK, gives log-probabilities and calls itself by the name given."""
    found = asking(server, lambda provider: check_rater(token_rater(), provider))

    assert found.passed
    assert found.logprobs is True
    assert found.served_model == "tiny"


def test_an_embedded_rater_keeps_to_a_schema(server):
    """JSON mode works with the embedded server: the grammar holds the model to the schema."""
    rater = token_rater().model_copy(update={"answer": AnswerMode.JSON})

    found = asking(server, lambda provider: check_rater(rater, provider))

    assert found.structured is True


def test_a_prefill_brings_the_categories_to_the_front_and_stays_out_of_the_answer(server):
    """After `Category:` most of the probability lies on digits, and neither text nor tokens repeat the prefill."""
    reply = asking(server, lambda provider: provider.ask(rubric_cell("Fold letters and put them into envelopes.")))

    first = next(token for token in reply.tokens if token.token.strip())
    mass = sum(2.718281828459045**logprob for token, logprob in first.top.items() if token.strip() in tuple("01257"))
    assert mass > 0.5
    assert "Category:" not in reply.text
    assert len(first.top) >= 20


def test_the_prompts_common_beginning_is_read_once(server):
    """The prefix that two Cells share comes from the cache the second time, and usage says so."""

    async def twice(provider):
        await provider.ask(rubric_cell("Fold letters."))
        return await provider.ask(rubric_cell("Wash windows."))

    usage = asking(server, twice).usage

    assert usage.cached_tokens > 0.8 * usage.input_tokens


def test_a_prompt_that_does_not_fit_is_an_answer_about_one_task(server):
    """A prompt over the context size costs one row and no run."""
    reply = asking(server, lambda provider: provider.ask(rubric_cell("word " * 4000)))

    assert (reply.text, reply.finish_reason) == (None, "length")


def test_the_server_opens_to_its_key_only(server):
    """Without the key of the occasion, or with another, nothing is served."""
    address = urlsplit(server.endpoint.base_url)
    connection = HTTPConnection(address.hostname, address.port, timeout=10)
    connection.request("POST", "/v1/chat/completions", json.dumps({"messages": []}), {"Authorization": "Bearer guess"})

    assert connection.getresponse().status == 401
    connection.close()


def test_the_key_stands_in_no_argument_and_no_repr(server):
    """Other processes can read arguments, logs can hold reprs: the key is in neither."""
    key = server.endpoint.api_key

    assert key not in " ".join(server._child.args)
    assert key not in repr(server.endpoint)


def test_facts_name_what_a_reading_depends_on(server):
    """Engine version, threads and context size are told; the path of the weights is not."""
    facts = server.engine_facts()

    assert facts["engine"].startswith("llama.cpp (xllamacpp 20")
    assert (facts["threads"], facts["n_ctx"], facts["n_parallel"]) == (embedded.usable_cores(), 2048, 1)
    assert os.sep not in json.dumps({**facts, "processor": ""})


def test_a_killed_engine_stops_the_run_with_the_reason(weights):
    """When the engine's process dies, the next question says so at once instead of being tried again and again."""
    with EmbeddedServer(weights, name="tiny") as server:
        os.kill(server._child.pid, signal.SIGKILL)
        server._child.wait()

        with pytest.raises(PermanentError, match="`tiny` ended by signal 9"):
            asking(server, lambda provider: provider.ask(rubric_cell("Fold letters.")))


def test_the_engine_is_gone_when_nobody_uses_it(weights):
    """Leaving the context ends the process."""
    with EmbeddedServer(weights) as server:
        child = server._child

    assert child.poll() is not None


def test_the_engine_does_not_outlive_its_parent(weights, tmp_path):
    """A parent killed without a word takes the engine with it."""
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from scorer.providers import EmbeddedServer\n"
        "with EmbeddedServer(Path(sys.argv[1])) as server:\n"
        "    print(server.endpoint.base_url, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, str(script), str(weights)], stdout=subprocess.PIPE, text=True) as parent:
        address = parent.stdout.readline().strip()
        assert not falls_silent(address, seconds=0.2)
        parent.kill()

    assert falls_silent(address, seconds=20)


def falls_silent(address: str, seconds: float) -> bool:
    """Whether nobody listens there any more, within the time."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as caller:
            if caller.connect_ex((host, port)) != 0:
                return True
        time.sleep(0.05)
    return False


def test_a_damaged_file_is_one_clear_line(weights, tmp_path):
    """Half a GGUF is refused with the engine's own reason, and no process stays behind."""
    half = tmp_path / "half.gguf"
    with weights.open("rb") as whole:
        half.write_bytes(whole.read(5_000_000))
    server = EmbeddedServer(half)

    with pytest.raises(ArtefactError, match="not within the file bounds") as caught, server:
        pass

    assert "\n" not in str(caught.value)
    assert server._child.poll() is not None


def test_missing_weights_say_how_to_get_them(tmp_path, monkeypatch):
    """Weights that are not there name the command that pulls them, before any process starts."""
    monkeypatch.setattr(embedded, "_engine_version", lambda: "1")

    with pytest.raises(ArtefactError, match="scorer artefacts pull"):
        EmbeddedServer(tmp_path / "absent.gguf")


def test_a_file_that_is_no_gguf_is_refused(tmp_path, monkeypatch):
    """Other files are told from weights by their first bytes, before any process starts."""
    monkeypatch.setattr(embedded, "_engine_version", lambda: "1")
    page = tmp_path / "page.gguf"
    page.write_text("<html>not found</html>")

    with pytest.raises(ArtefactError, match="no GGUF file"):
        EmbeddedServer(page)


def test_without_the_engine_the_extra_to_install_is_named(tmp_path, monkeypatch):
    """An installation without llama.cpp says which extra brings it."""
    monkeypatch.setattr(embedded, "ENGINE", "no-such-engine")

    with pytest.raises(ConfigurationError, match=r"onet-ai-coverage\[embedded\]"):
        EmbeddedServer(tmp_path / "absent.gguf")
