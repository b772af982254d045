"""The words by which columns are recognised, from ``columns.yaml``, which an instructor may change."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from kizuna.content import Entry, load
from kizuna.workbook.reading.role import Role, Topic

QUESTION = re.compile(r"(?:[?？]|か[。．.]?|(?:ください|下さい)[。．.]?)(?:\s*[（(【\[][^）)】\]]*[）)】\]])*[\s*＊※]*$")
LONGEST_LABEL = 30
TAIL = 80

_CLAUSE = re.compile(r"[がはもだ、。！!]")
_ANSWER = re.compile(
    r"(?:[。．！!♪☆…～〜笑]|です|ます|ました|ません|でした|たい|った|した|ない|よい|いい|しい|[早速高安多良悪強弱深長近遠甘温軽重明優]い|[るたいだ][よね])[\s）)」]*$"
)


class RoleHint(Entry):
    """Headers that have one of these words have this role, when the answers below look as described."""

    role: Role
    answers: Literal["どれでも", "短い", "選択肢", "日付"]
    exact: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    why: str = ""


class TopicHint(Entry):
    """Headers that have these words ask about this topic; one strong word outweighs any number of weak ones."""

    topic: Topic
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()


class Hints(Entry):
    """All of ``columns.yaml``."""

    roles: tuple[RoleHint, ...]
    topics: tuple[TopicHint, ...]
    media: tuple[str, ...]
    titles: tuple[str, ...]


def hints() -> Hints:
    """The checked content of ``columns.yaml``; raises ``ContentError`` naming file and line when it is not as it should be."""
    found: Hints = load("columns.yaml", Hints)
    return found


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``text`` as it is compared: full and half width alike, small letters, no blanks, 様 as さま, 嬉し as うれし, 他 as ほか."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded.replace("様", "さま").replace("嬉し", "うれし").replace("他の", "ほかの").replace("良か", "よか")


def word_in(header: str, words: tuple[str, ...], exact: tuple[str, ...] = ()) -> str | None:
    """The first of ``words`` that stands in ``header``, or of ``exact`` that is all of it; ``None`` when there is none."""
    seen = plain(header).rstrip("*※:")
    return next((word for word in exact if plain(word) == seen), None) or next((word for word in words if plain(word) in seen), None)


def topic_of(header: str) -> tuple[Topic, str | None, bool]:
    """The topic ``header`` asks about, the word that tells, and whether that word is a strong one."""
    best: tuple[int, Topic, str | None] = (0, Topic.OTHER, None)
    seen = plain(header)
    for hint in hints().topics:
        strong = [word for word in hint.strong if plain(word) in seen]
        weak = [word for word in hint.weak if plain(word) in seen]
        score = 10 * len(strong) + len(weak)
        if score > best[0]:
            best = (score, hint.topic, (strong or weak)[0])
    return best[1], best[2], best[0] >= 10


def is_question(text: str) -> bool:
    """Whether ``text`` ends as a question or a request does: ？ · か。 · ください."""
    return bool(QUESTION.search(text.strip()[-TAIL:]))


def is_label(text: str) -> bool:
    """Whether ``text`` reads like the label of a column: a known word, and not a sentence that answers something."""
    if len(text) > LONGEST_LABEL * 4 or is_answer(text):
        return False
    known = any(word_in(text, hint.words, hint.exact) for hint in hints().roles) or topic_of(text)[1] is not None
    return known and (len(text) <= LONGEST_LABEL or is_question(text))


def is_title(text: str) -> bool:
    """Whether ``text`` alone above one column names what stands below (お客様の声, 自由記述欄), rather than being an answer itself."""
    return len(text) <= LONGEST_LABEL and not is_answer(text) and not _CLAUSE.search(text) and word_in(text, hints().titles) is not None


def is_answer(text: str) -> bool:
    """Whether ``text`` ends as an answer does rather than a label or a question."""
    return not is_question(text) and bool(_ANSWER.search(text.strip()[-TAIL:]))
