"""The errors of the scorer: one tree, each message saying what, where, and what to do now.

ScorerError
├── ConfigurationError          scorer.toml, environment, options
├── ArtefactError               a pinned file cannot be had, or is not what it should be
├── CatalogueError              O*NET releases, occupations, tasks, selections, registries of evidence
├── RubricError                 a rubric file or the lock
├── LabelError                  label files, policies, evaluation input
├── StoreError
│   ├── StoreBusyError          another process holds the store
│   ├── StoreTooNewError        written by a newer scorer
│   └── StoreCorruptError       not a store, or damaged
├── ProviderError
│   ├── TransientError          worth another attempt: 408, 409, 5xx, connection, time-out
│   │   └── RateLimitedError    429: the pace is too high
│   └── PermanentError          stops the run: bad key, unknown model, exhausted quota, refused request
├── AnswerError                 an answer that is not usable; carries the Status it becomes
├── RunError                    a run that cannot start or go on (locked, interrupted)
└── BudgetError                 the money that may be spent is spent

Anything else that escapes is a bug. Exit code of every ScorerError: 3.
"""


class ScorerError(Exception):
    """What, where, and what to do now; never a key, never a whole request."""


class ConfigurationError(ScorerError):
    """scorer.toml, an environment variable or an option does not say what is needed."""


class ArtefactError(ScorerError):
    """A pinned file cannot be fetched, or its bytes are not the pinned ones."""


class CatalogueError(ScorerError):
    """An O*NET release cannot be read, or a selection names what is not there."""


class RubricError(ScorerError):
    """A rubric file is malformed, unknown, or changed after it was locked."""


class LabelError(ScorerError):
    """A label file, a policy or the input of an evaluation is malformed."""


class StoreError(ScorerError):
    """The workspace's store or a release cannot be used."""


class StoreBusyError(StoreError):
    """Another process holds the store longer than we wait."""


class StoreTooNewError(StoreError):
    """A newer version of the scorer wrote this file."""


class StoreCorruptError(StoreError):
    """The file is not a store, or is damaged."""


class ProviderError(ScorerError):
    """An endpoint did not answer as it should."""


class TransientError(ProviderError):
    """Worth another attempt.

    Args:
        message: what, where, what to do.
        retry_after: seconds the endpoint asks us to wait; None where it does not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimitedError(TransientError):
    """The endpoint takes no more for now: everybody waits, and then goes more slowly."""


class PermanentError(ProviderError):
    """No attempt will ever succeed: the run stops at once."""


class AnswerError(ScorerError):
    """An answer that cannot be used.

    Args:
        status: the Status (its value) that the Rating gets.
        message: what was wrong with the answer.
    """

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status


class RunError(ScorerError):
    """A run cannot start or cannot go on."""


class BudgetError(ScorerError):
    """The budget of the run is spent."""
