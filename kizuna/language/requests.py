"""Whether a customer's sentence wishes for something."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from kizuna.content import Entry, load
from kizuna.language.examples import Examples
from kizuna.language.sentences import sentences
from kizuna.language.tokens import tokens

ENDINGS = "です でし ます だ た な なあ なぁ ね ねえ よ が けど けれど けれども ので のに から の に ん さ わ し か かな かしら と"
TAIL = f"(?:(?:{ENDINGS.replace(' ', '|')}|と 思う) )*$"
LINKS = ("助詞", "助動詞", "感動詞")


class Pattern(Entry):
    """One form of wish: a regular expression over the words (or the text as written), where it is none, and its examples."""

    id: str
    over: Literal["words", "text"] = "words"
    pattern: str
    unless: str = ""
    examples: Examples

    def found_in(self, sentence: str) -> bool:
        """Whether one sentence has this form."""
        line = _plain(sentence) if self.over == "text" else _words(sentence)
        return bool(_compiled(self.pattern).search(line)) and not (self.unless and _compiled(self.unless).search(line))


def patterns() -> list[Pattern]:
    """All forms of wish, in the order of the content file."""
    found: list[Pattern] = load("requests.yaml", list[Pattern])
    return found


@lru_cache(maxsize=20_000)
def asks(text: str) -> bool:
    """Whether the text, or any of its sentences, wishes, asks or begs for something; plain praise does not.

    >>> asks("取り置きがあると助かります"), asks("また来たいです")
    (True, False)
    """
    return any(pattern.found_in(text[start:end]) for start, end in sentences(text) for pattern in patterns())


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{tail}", TAIL))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


@lru_cache(maxsize=1024)
def _words(sentence: str) -> str:
    """The words between blanks, particles as written and the others in normal form: 「 取り置き が 有る と 助かる ます 」."""
    words = [word for word in tokens(_plain(sentence)) if not word.pos.startswith(("空白", "補助記号", "記号"))]
    return f" {' '.join(word.surface if word.pos.startswith(LINKS) else word.normal for word in words)} "
