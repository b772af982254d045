"""What we ask of the owner's words holds for our own: no war, no selling, no kneeling, no looking down in anything we show."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kizuna.language.wording import check_wording

ROOT = Path(__file__).parents[1]
RULES = {"KZ-01", "KZ-02", "KZ-04", "KZ-05"}
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
WORD_LISTS = {
    "wording.yaml": "the list of the words themselves",
    "question_rules.yaml": "examples of questions that are not to be asked",
    "requests.yaml": "what customers say",
    "feedback.yaml": "what customers say, complaints about being sold something among it",
    "posts.yaml": "words by which posts are told apart, selling ones among them",
    "stopwords.yaml": "single words of the language, 僕 among them, that name no theme",
    "columns.yaml": "headers of other people's files",
    "names.yaml": "words around names, and common ones",
    "personal.yaml": "forms of addresses and numbers",
    "rules.yaml": "examples of what is not to be written; its answers are looked at below",
}
# Phrases in which we say what we do NOT do, or in which the word is no war word; the rest of the sentence is still checked.
FINE = {
    "売り込みは入れません": "says that there is none",
    "売り込みは入りません": "says that there is none",
    "売り込みは、しない": "says that there is none",
    "売り込みの言葉は使わず": "says that there is to be none",
    "売り込みに聞こえる": "says what the rule finds",
    "「売込み」ではなく": "the course's own name of a point, which says that there is to be none",
    "取り込": "a file is read in, nobody is drawn in",
}


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for pair in found.items():
            for one in pair:
                yield from strings(one)
    elif isinstance(found, list):
        for one in found:
            yield from strings(one)


def docstrings(tree: ast.AST) -> set[int]:
    """Where docstrings stand: they are read by those who read code, and quote what the code finds."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, holders) and node.body]
    return {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}


def literals(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skip = set() if path.name == "cli.py" else docstrings(tree)  # a command's docstring is its help
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip and JAPANESE.search(node.value):
            yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def practised(told: dict[str, Any]) -> Iterator[str]:
    """What an exercise says in our own voice: not what somebody wrote that is to be mended, nor what is to be seen through."""
    yield from strings({key: value for key, value in told.items() if key != "tasks"})
    for task in told.get("tasks", []):
        yield from strings({key: value for key, value in task.items() if key not in ("draft", "options", "better", "voices")})
        yield from (one["reply"] for one in task.get("better", []))
        for option in task.get("options", []):
            good = task["kind"] == "one" and option.get("fits", True)
            yield from strings({key: value for key, value in option.items() if good or key != "text"})


def shown() -> Iterator[tuple[str, str]]:
    """Every text that a person may see, with its place."""
    for path in sorted((ROOT / "kizuna" / "content").glob("*.y*ml")):
        if path.name not in WORD_LISTS:
            yield from ((path.name, text) for text in strings(yaml.safe_load(path.read_text(encoding="utf-8"))))
    for path in sorted((ROOT / "kizuna" / "content" / "practice").glob("*.yaml")):
        yield from ((path.name, text) for text in practised(yaml.safe_load(path.read_text(encoding="utf-8"))))
    for path in sorted([*(ROOT / "notebooks").rglob("*.ipynb"), *(ROOT / "exercises").glob("**/*.ipynb")]):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield from ((path.name, "".join(cell["source"])) for cell in cells if cell["cell_type"] == "markdown")
    for path in sorted((ROOT / "kizuna").rglob("*.py")):
        yield from literals(path)
    for ending in ("*.j2", "*.html", "*.js"):
        yield from ((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in sorted((ROOT / "kizuna").rglob(ending)))
    for path in [ROOT / "README.ja.md", *sorted((ROOT / "docs").glob("**/*.ja.md")), *sorted((ROOT / "datasets").rglob("README.md"))]:
        if path.exists():
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    example = ROOT / "datasets" / "bookshop" / "example.yaml"
    told = yaml.safe_load(example.read_text(encoding="utf-8"))
    yield from ((example.name, text) for key in ("profile", "plan", "ask_next", "offers", "recurring") for text in strings(told[key]))


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
    from kizuna.language.questions import question_rules
    from kizuna.language.rules import rules
    from kizuna.language.wording import lexicon

    answers = [text for rule in question_rules() for text in (rule.why, rule.better)]
    softer = [text for word in lexicon().entries for text in word.softer]
    told = [text for rule in rules() for text in (rule.message, *rule.softer) if rule.id != "KZ-03"]  # it names what it stops
    found = [f"{hit} in {text!r}" for text in (*answers, *softer, *told) for hit in hits(text)]
    assert found == []


def sentences_of_errors() -> Iterator[tuple[str, str]]:
    """The fixed words of every KizunaError in the code; what is put in is shown as ◯."""
    for path in sorted((ROOT / "kizuna").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("KizunaError", "ContentError")
            if named and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                first = node.args[0]
                parts = first.values if isinstance(first, ast.JoinedStr) else [first]
                yield f"{path.name}:{node.lineno}", "".join(str(one.value) if isinstance(one, ast.Constant) else "◯" for one in parts)


def test_what_an_error_says_is_japanese_and_ends_as_a_sentence_does() -> None:
    found = [
        (place, text)
        for place, text in sentences_of_errors()
        if not text.endswith(("。", "◯")) or not (JAPANESE.search(text) or "◯" in text)
    ]
    assert found == []
    assert len(list(sentences_of_errors())) > 20
