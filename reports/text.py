"""Text of a target as text that can be shown anywhere: nothing in it is invisible or forbidden."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"})


def visible(text: str, *, multiline: bool = True) -> str:
    """The text with everything unprintable shown by its number, such as ``⟨U+202E⟩``.

    Control characters, lone surrogates and characters that turn the direction of writing are what XML forbids, what
    HTML drops, and what makes text read otherwise than it is.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = "\n\t" if multiline else ""
    return "".join(_shown(character, kept) for character in text)


def _shown(character: str, kept: str) -> str:
    if character in kept or unicodedata.category(character) not in _HIDDEN:
        return character
    return f"⟨U+{ord(character):04X}⟩"
