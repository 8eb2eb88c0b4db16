"""How pytest-xdist spreads the suite's items over its workers."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling


class OperationScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """The items of one operation go to one worker; any other item is a scope of its own."""

    def _split_scope(self, nodeid: str) -> str:
        head, _, clause = nodeid.partition("[")
        return clause.partition("/")[0] if "/" in clause and head.endswith("::test_clause") else nodeid
