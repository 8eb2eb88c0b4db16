"""What can go wrong in a run, in the order of a conversation with a target."""

from __future__ import annotations


class ConformanceError(Exception):
    """Something of the run's own set-up is wrong; the message says what was expected, what is, and what to do."""


class SettingsError(ConformanceError):
    """A setting or a target file is wrong."""


class UnreachableError(ConformanceError):
    """The target does not answer at all."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(
            f"expected a target at {url} but nothing answers there ({detail}); is it running, and is the address right?"
        )


class WrongApiError(ConformanceError):
    """Something answers at the address, but none of the API's operations is there."""

    def __init__(self, url: str, api: str, detail: str) -> None:
        super().__init__(
            f"expected the API {api} at {url} but its operations are not there ({detail}); check the URL and the name of the API"
        )


class SourceStoreError(ConformanceError):
    """Source data cannot be written."""

    def __init__(self, endpoint: str, bucket: str, detail: str) -> None:
        super().__init__(
            f"expected to write source data into bucket={bucket!r} at {endpoint} but: {detail}; check --s3-endpoint, --bucket and the keys"
        )


class BudgetError(ConformanceError):
    """The run has used up its requests or its time; clauses not proven by then are inconclusive."""

    def __init__(self, amount: float, unit: str = "requests") -> None:
        super().__init__(f"the budget of {amount:g} {unit} is used up")


class CredentialsError(ConformanceError):
    """The keys that requests are signed with cannot be had, are refused, or have expired."""


class StageError(Exception):
    """A state that a probe needs cannot be reached; its clauses are untestable, for the reason given."""


class WithheldError(StageError):
    """A request that the run may not send; nothing was sent."""


class OtherInstanceError(ConformanceError):
    """The target knows nothing of what an earlier part of the run has made there."""

    def __init__(self, url: str, identifier: str) -> None:
        super().__init__(
            f"the target at {url} does not know what the earlier part of this run has made there ({identifier}, for one); it was started anew"
        )


class OutputError(ConformanceError):
    """Results cannot be written."""
