"""The scorer: how much of each O*NET task can today's AI do, how sure are we, and who says so."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("onet-ai-coverage")
except PackageNotFoundError:  # a bare checkout on sys.path, never installed
    __version__ = "0+unknown"
