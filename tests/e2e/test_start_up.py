"""What a command costs before it does anything: every `scorer --version` and every error pays for it."""

import subprocess
import sys

HEAVY = (
    "altair",
    "genai_prices",
    "openpyxl",
    "pandas",
    "ray",
    "scipy",
    "sklearn",
    "starlette",
    "vl_convert",
    "xllamacpp",
)


def test_the_command_line_loads_what_all_commands_need_and_nothing_else():
    """Statistics, charts, prices, the web server and the engine are loaded by those who use them."""
    program = f"import sys, scorer.cli; print(sorted(set({HEAVY}) & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
