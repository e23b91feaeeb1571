"""Words that can be searched: how a text is folded, which grams an index keeps of it, where a query is found in it.

Chinese has no spaces to cut at, so a text is indexed by its characters and its pairs of neighbours: a word of two
characters or more is found by its pairs, one of a single character by itself. Grams only narrow down: that a text
holds a word is decided by the folded text (``holds``), since its pairs may also stand apart.

Folding is by character, so that every folded character knows where it came from: NFC first, then of each character
NFKC (full-width to half-width, ① to 1, Ⅱ to ii), case folded, capital numerals (壹贰叁) as plain ones (一二三). Arabic
numerals stay apart from Chinese ones. White space is left out, so that 一标段 finds 一 标段.
Source: Unicode Standard Annex 15; performance.md ("Compute n-grams in Python and store them").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

MAX_WORDS = 8
"""Words of a query that are looked for; further ones are left out."""
MAX_QUERY_GRAMS = 24
"""Grams of a query that narrow an index down: a long query needs no more to be found."""

_NUMERALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟零〇", "一二三四五六七八九十百千〇〇")

Span = tuple[int, int]
"""A half-open stretch of a text, in characters."""


class _Folding(dict[int, str]):
    """What each character is folded to, by its code point, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        """Fold it, and keep that: there are at most as many as Unicode has characters."""
        made = "".join(unicodedata.normalize("NFKC", chr(code)).casefold().translate(_NUMERALS).split())
        self[code] = made
        return made


_FOLDING = _Folding()


def folded(text: str) -> str:
    """The text as it is compared; "" for white space alone."""
    return unicodedata.normalize("NFC", text).translate(_FOLDING)


def words_of(query: str) -> tuple[str, ...]:
    """The folded words of a query that all have to be found, each once, in their order; at most ``MAX_WORDS``."""
    return tuple(dict.fromkeys(filter(None, map(folded, query.split()))))[:MAX_WORDS]


def grams_of(text: str) -> tuple[str, ...]:
    """Every character of folded lines and every pair of neighbours, each once, ordered; nothing across lines."""
    found: set[str] = set()
    for line in text.split("\n"):
        found.update(line)
        found.update(map("".join, pairwise(line)))
    return tuple(sorted(found))


def lines_of(*texts: str) -> str:
    """Several texts folded, one a line: no word is found across two of them."""
    return "\n".join(filter(None, map(folded, texts)))


def query_grams(words: Iterable[str]) -> tuple[str, ...]:
    """What the grams of a text must contain, if it is to hold these words: pairs, and words of one character."""
    found: dict[str, None] = {}
    for word in words:
        pairs = [first + second for first, second in pairwise(word)]
        found.update(dict.fromkeys(pairs or [word]))
    return tuple(found)[:MAX_QUERY_GRAMS]


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether a folded text holds every word."""
    return all(word in text for word in words)


def found_in(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    """Where the words stand in a text as it is shown, in order, overlapping ones joined: half-open, in characters."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for letter in _FOLDING[ord(character)]:
            letters.append(letter)
            origin.append(place)
    whole = "".join(letters)
    hits: set[int] = set()
    for word in words:
        start = whole.find(word)
        while start >= 0:
            hits.update(range(origin[start], origin[start + len(word) - 1] + 1))
            start = whole.find(word, start + 1)
    return _joined(sorted(hits))


def _joined(places: list[int]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for place in places:
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
        else:
            spans.append((place, place + 1))
    return tuple(spans)
