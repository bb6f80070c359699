"""The head of a GGUF file, read without the engine, and the memory that weights need."""

import struct

import pytest

from scorer.errors import ArtefactError, PermanentError
from scorer.providers import EmbeddedServer, embedded, memory, read_gguf


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def gguf(pairs: dict[str, str], version: int = 3) -> bytes:
    """A GGUF file with texts in its metadata, a vocabulary before them, and no tensors."""
    words = struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    numbers = struct.pack("<IIQ", 9, 6, 3) + struct.pack("<3f", 1, 2, 3)
    told = text("tokens") + words + text("scores") + numbers + text("n") + struct.pack("<IQ", 10, 7)
    told += b"".join(text(key) + struct.pack("<I", 8) + text(value) for key, value in pairs.items())
    return b"GGUF" + struct.pack("<IQQ", version, 0, 3 + len(pairs)) + told


@pytest.mark.parametrize("version", [2, 3])
def test_a_chat_template_is_found_behind_the_vocabulary(tmp_path, version):
    """A model for conversations is told from a base model by its metadata alone."""
    file = tmp_path / "model.gguf"
    file.write_bytes(gguf({"general.architecture": "odd", "tokenizer.chat_template": "{{ x }}"}, version))
    head = read_gguf(file)
    assert (head.architecture, head.has_chat_template, head.size) == ("odd", True, file.stat().st_size)
    file.write_bytes(gguf({"general.architecture": "odd"}, version))
    assert not read_gguf(file).has_chat_template


@pytest.mark.parametrize("length", [5, 30, 60, 100])
def test_half_a_head_is_one_clear_line(tmp_path, length):
    """Wherever the file ends within its head, the file is named and nothing else is raised."""
    file = tmp_path / "half.gguf"
    file.write_bytes(gguf({"tokenizer.chat_template": "{{ x }}"})[:length])
    with pytest.raises(ArtefactError, match=r"half.gguf: the file ends too early or is damaged"):
        read_gguf(file)


def test_a_length_that_cannot_be_is_not_believed(tmp_path):
    """A damaged length of a text does not make the program ask for that much memory."""
    file = tmp_path / "odd.gguf"
    file.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 60))
    with pytest.raises(ArtefactError, match="ends too early or is damaged"):
        read_gguf(file)


def test_too_little_memory_is_said_before_anything_starts(tmp_path, monkeypatch):
    """Needed and free memory stand in one line, with what to do; no process was started."""
    file = tmp_path / "model.gguf"
    file.write_bytes(gguf({"tokenizer.chat_template": "{{ x }}"}))
    monkeypatch.setattr(embedded, "_engine_version", lambda: "1")
    monkeypatch.setattr(embedded, "available_memory", lambda: 50_000_000)
    with pytest.raises(PermanentError, match=r"needs about 0.1 GB of memory, 0.1 GB are free: close") as caught:
        EmbeddedServer(file, name="tiny")
    assert "\n" not in str(caught.value)


def test_the_limit_of_a_control_group_counts(tmp_path, monkeypatch):
    """In a container with 2 GB, of which 1.5 GB are used and 0.2 GB could be taken back, 0.7 GB are free."""
    (tmp_path / "memory.max").write_text("2000000000\n")
    (tmp_path / "memory.current").write_text("1500000000\n")
    (tmp_path / "memory.stat").write_text("anon 1\ninactive_file 200000000\n")
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 8000000 kB\n")
    monkeypatch.setattr(memory, "CONTROL_GROUP", tmp_path)
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    assert memory.available_memory() == 700_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available_memory() == 8_192_000_000
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "absent")
    assert memory.available_memory() is None
