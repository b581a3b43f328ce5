"""Which known word an unknown one may have meant: a hint only where it is close.

Close is the same word in another spelling ("ReLU", "leaky-relu"), a known synonym ("lr"), or a slip
of the fingers ("gama"). What is well known but not there says so, rather than naming something else.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

CLOSE = 0.66  # of difflib: one slip in three letters ("nkt"), two in six


def plain(word: str) -> str:
    """A word without case, spaces, dashes and underscores."""
    return "".join(c for c in word.casefold() if c not in " -_.")


def nearest(
    word: str, known: Iterable[str], synonyms: Mapping[str, str] | None = None
) -> str | None:
    """What a word may have meant, quoted; None where nothing is close.

    Args:
        word: as given.
        known: the words there are.
        synonyms: what plain words commonly mean, in words ready to be shown.
    """
    key = plain(word[:60])
    spelled = {plain(name): name for name in known}
    if key in spelled:
        return repr(spelled[key])
    if synonyms and key in synonyms:
        return synonyms[key]
    close = difflib.get_close_matches(key, spelled, n=1, cutoff=CLOSE)
    return repr(spelled[close[0]]) if close else None


def suggestion(
    word: str, known: Iterable[str], kind: str, synonyms: Mapping[str, str] | None = None
) -> str:
    """What is expected instead: "<near>, perhaps; <kind> are …" where one is close, else "one of …"."""
    names = list(known)
    near = nearest(word, names, synonyms)
    return (f"{near}, perhaps; {kind} are " if near else "one of ") + ", ".join(names)
