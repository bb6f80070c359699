"""Providers: how a Rater is asked. The only room that knows the openai SDK, its transport, and llama.cpp.

One provider serves every OpenAI-compatible endpoint, the embedded server among them. It sends a Cell as it stands,
once, and gives back what came (`Reply`) or an error of `scorer.errors`; it neither retries nor judges. Keys come from
the environment and go nowhere but into the request.
"""

from scorer.providers.batches import BatchProvider, RemoteBatch, write_requests
from scorer.providers.capabilities import Capability, capability, request_params
from scorer.providers.check import RaterCheck, RaterFacts, check_rater, rater_facts, rater_warnings
from scorer.providers.embedded import EmbeddedServer
from scorer.providers.embeddings import SentenceEmbedder
from scorer.providers.gguf import GgufHead, read_gguf
from scorer.providers.opening import endpoint_of, open_batches, open_provider, why_no_batches
from scorer.providers.prices import Listed, listed, price_list
from scorer.providers.provider import Endpoint, Provider
from scorer.providers.stored import stored_reply

__all__ = [
    "BatchProvider",
    "Capability",
    "EmbeddedServer",
    "Endpoint",
    "GgufHead",
    "Listed",
    "Provider",
    "RaterCheck",
    "RaterFacts",
    "RemoteBatch",
    "SentenceEmbedder",
    "capability",
    "check_rater",
    "endpoint_of",
    "listed",
    "open_batches",
    "open_provider",
    "price_list",
    "rater_facts",
    "rater_warnings",
    "read_gguf",
    "request_params",
    "stored_reply",
    "why_no_batches",
    "write_requests",
]
