"""Every text of ours that a person may see, with its place; what customers say is not among it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
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
    "rules.yaml": "examples of what is not to be written; its answers are among `answers`",
}


def shown() -> Iterator[tuple[str, str]]:
    """Every text that a person may see, with its place; words that are put in when the program runs stand as ◯."""
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


def answers() -> Iterator[tuple[str, str]]:
    """What the rules say back to the owner; their files are word lists otherwise."""
    from kizuna.language.questions import question_rules
    from kizuna.language.rules import rules
    from kizuna.language.wording import lexicon

    yield from (("question_rules.yaml", text) for rule in question_rules() for text in (rule.why, rule.better))
    yield from (("wording.yaml", text) for word in lexicon().entries for text in word.softer)
    yield from ((f"rules.yaml {rule.id}", text) for rule in rules() for text in (rule.message, *rule.softer))


def practised(told: dict[str, Any]) -> Iterator[str]:
    """What an exercise says in our own voice: not what somebody wrote that is to be mended, nor what is to be seen through."""
    yield from strings({key: value for key, value in told.items() if key != "tasks"})
    for task in told.get("tasks", []):
        yield from strings({key: value for key, value in task.items() if key not in ("draft", "options", "better", "voices")})
        yield from (one["reply"] for one in task.get("better", []))
        for option in task.get("options", []):
            good = task["kind"] == "one" and option.get("fits", True)
            yield from strings({key: value for key, value in option.items() if good or key != "text"})


def strings(found: Any) -> Iterator[str]:
    """Every string of what a YAML file holds, keys too."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for pair in found.items():
            for one in pair:
                yield from strings(one)
    elif isinstance(found, list):
        for one in found:
            yield from strings(one)


def literals(path: Path) -> Iterator[tuple[str, str]]:
    """The Japanese strings of a module without its docstrings; an f-string is one text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skip = set() if path.name == "cli.py" else _docstrings(tree)  # a command's docstring is its help
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        text = "" if id(node) in skip else fixed(node)
        if JAPANESE.search(text):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", text
        inner = [one.value for one in node.values if isinstance(one, ast.FormattedValue)] if isinstance(node, ast.JoinedStr) else None
        waiting.extend(ast.iter_child_nodes(node) if inner is None else inner)


def fixed(node: ast.AST) -> str:
    """The words of a string or an f-string; what is put in is shown as ◯, and anything else has none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(fixed(one) or "◯" for one in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _docstrings(tree: ast.AST) -> set[int]:
    """Where docstrings stand: they are read by those who read code, and quote what the code finds."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, holders) and node.body]
    return {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
