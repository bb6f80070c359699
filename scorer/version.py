"""Which version of the program this is; a ground floor of its own, so that no room needs the package's face for it."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("onet-ai-coverage")
except PackageNotFoundError:  # a bare checkout on sys.path, never installed
    VERSION = "0+unknown"
