"""Numbers of things as people say them."""

from __future__ import annotations


def things(count: int) -> str:
    """How many things: with つ only from one to nine, where the word goes no further.

    >>> things(3), things(18), things(0)
    ('3つ', '18個', '0個')
    """
    return f"{count}つ" if 1 <= count <= 9 else f"{count}個"


def counted(count: int, unit: str) -> str:
    """How many of what is counted with ``unit``; where that is つ, as ``things`` says it.

    >>> counted(3, "つ"), counted(22, "つ"), counted(22, "人")
    ('3つ', '22個', '22人')
    """
    return things(count) if unit == "つ" else f"{count}{unit}"
