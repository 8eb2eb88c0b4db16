"""The ``source`` of a load: an S3 URI whose key is a prefix."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BUCKET = r"(?P<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,254})"
_KEY = r"(?:/(?P<key>.*))?"
_FORMS = (
    re.compile(rf"s3://{_BUCKET}{_KEY}", re.DOTALL),
    re.compile(rf"https://s3(?:[.-](?P<region>[a-z0-9-]+))?\.amazonaws\.com(?:\.cn)?/{_BUCKET}{_KEY}", re.DOTALL),
)
# Characters that no XML 1.0 answer of S3 can carry, so no listing could ever name such a key.
_UNLISTABLE = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUri:
    """The objects of ``bucket`` whose keys start with ``prefix`` (user guide, load-api-reference-load)."""

    bucket: str
    prefix: str
    region: str | None = None
    """The region the URI names, if it does."""

    @classmethod
    def parse(cls, text: str) -> SourceUri | None:
        """Return the parts of ``text``; None when it has none of the documented forms."""
        if _UNLISTABLE.search(text):
            return None
        for form in _FORMS:
            if matched := form.fullmatch(text):
                parts = matched.groupdict()
                return cls(bucket=parts["bucket"], prefix=parts["key"] or "", region=parts.get("region"))
        return None
