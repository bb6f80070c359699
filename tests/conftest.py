"""What all tests share: how the programs that they start are started."""

import os

# Each of some hundred processes would compile the project anew where the environment says to keep nothing compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
