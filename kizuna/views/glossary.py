"""The words of the course and what they mean, to be opened at the top of every page."""

from __future__ import annotations

from functools import cache

from markupsafe import Markup

from kizuna.content import Entry, load


class Word(Entry):
    """One word: how it is read, what it means, and the section that explains it first.

    ``everyday`` is a word that people use anyway, so it may stand before it is explained.
    """

    word: str
    yomi: str
    text: str
    section: str
    everyday: bool = False


def words() -> list[Word]:
    """Every word in the order of the course."""
    return load("glossary.yaml", list[Word])


@cache
def folded_words() -> Markup:
    """Every word with its meaning, folded, in the order of their reading; the same on every page, so it costs nothing to make again."""
    rows = Markup("").join(
        Markup("<div><dt>{}{}</dt><dd>{}</dd></div>").format(one.word, _reading(one), one.text) for one in sorted(words(), key=_order)
    )
    return Markup(
        '<details class="kz-words"><summary>ことばの意味</summary><div tabindex="0" role="region" aria-label="ことばの意味"><dl>{}</dl></div></details>'
    ).format(rows)


def _reading(one: Word) -> Markup:
    return Markup("<span>（{}）</span>").format(one.yomi) if one.yomi != one.word else Markup("")


def _order(one: Word) -> str:
    """The reading in hiragana, by which Japanese words are sorted."""
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in one.yomi)
