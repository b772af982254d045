"""What we ask of the owner's words holds for our own: no war, no selling, no kneeling, no looking down in anything we show."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from kizuna.language.wording import check_wording
from tests.texts import JAPANESE, ROOT, WORD_LISTS, answers, fixed, shown

RULES = {"KZ-01", "KZ-02", "KZ-04", "KZ-05"}
# Phrases in which we say what we do NOT do, or in which the word is no war word; the rest of the sentence is still checked.
FINE = {
    "売り込みは入れません": "says that there is none",
    "売り込みは入りません": "says that there is none",
    "売り込みは、しない": "says that there is none",
    "売り込みの言葉は使わず": "says that there is to be none",
    "売り込みに聞こえる": "says what the rule finds",
    "「売込み」ではなく": "the course's own name of a point, which says that there is to be none",
    "『戦略』や『ターゲット』": "an author names the words he came to doubt",
    "取り込": "a file is read in, nobody is drawn in",
}


def hits(text: str) -> list[str]:
    fine = [match.span() for phrase in FINE for match in re.finditer(re.escape(phrase), text)]
    return [f"{one.rule} {text[one.start : one.end]}" for one in check_wording(text, skip=fine) if one.rule in RULES]


TEXTS = list(shown())


def test_our_own_texts_pass_our_own_check() -> None:
    found = [f"{place}: {hit} in {text[:60]!r}" for place, text in TEXTS for hit in hits(text)]
    assert found == []


def test_enough_of_our_texts_are_looked_at() -> None:
    places = {place.partition(":")[0] for place, _ in TEXTS}
    assert len(TEXTS) > 500
    assert {
        "forms.yaml",
        "04_followup_offer.yaml",
        "questions.yaml",
        "process.yaml",
        "00_start.ipynb",
        "kizuna/views/parts.py",
        "kizuna/cli.py",
    } <= places
    assert any(place.endswith(".j2") for place in places)


@pytest.mark.parametrize("text", ["新規のお客さまを獲得する作戦です", "今だけ限定、先着10名様", "お客様は神さまです", "お客様を教育します"])
def test_the_check_of_this_test_does_find_something(text: str) -> None:
    assert hits(text)


def test_every_exception_is_still_needed() -> None:
    from kizuna.language.rules import rules

    texts = [*(text for _, text in TEXTS), *(rule.message for rule in rules())]
    for phrase in FINE:
        assert any(phrase in text and {one.rule for one in check_wording(text)} & RULES for text in texts), phrase
    assert [name for name in WORD_LISTS if not (ROOT / "kizuna" / "content" / name).exists()] == []


def test_every_word_list_is_of_words_that_would_be_found_or_belong_to_others() -> None:
    """A file that is passed over whole must not be one from which a form takes its sentences."""
    assert not set(WORD_LISTS) & {
        "forms.yaml",
        "plan.yaml",
        "process.yaml",
        "questions.yaml",
        "principles.yaml",
        "media.yaml",
        "nothing.yaml",
        "invitations.yaml",
        "offer.yaml",
        "points.yaml",
    }


def test_what_a_rule_says_back_is_itself_a_friendly_word() -> None:
    told = [text for place, text in answers() if place != "rules.yaml KZ-03"]  # which names what it stops
    assert [f"{hit} in {text!r}" for text in told for hit in hits(text)] == []


def sentences_of_errors() -> Iterator[tuple[str, str]]:
    """The fixed words of every KizunaError in the code; what is put in is shown as ◯."""
    for path in sorted((ROOT / "kizuna").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("KizunaError", "ContentError")
            if named and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                yield f"{path.name}:{node.lineno}", fixed(node.args[0])


def test_what_an_error_says_is_japanese_and_ends_as_a_sentence_does() -> None:
    found = [
        (place, text)
        for place, text in sentences_of_errors()
        if not text.endswith(("。", "◯")) or not (JAPANESE.search(text) or "◯" in text)
    ]
    assert found == []
    assert len(list(sentences_of_errors())) > 20
