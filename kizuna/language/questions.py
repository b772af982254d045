"""Whether a question to a customer invites a story, or asks for wishes, leads, advises, doubles or closes."""

from __future__ import annotations

import re

from kizuna.content import Entry, load
from kizuna.finding import Finding, Strength
from kizuna.language.examples import Examples
from kizuna.language.plain import plain


class QuestionRule(Entry):
    """One way of asking to be careful with, and a better one."""

    id: str
    patterns: list[str]
    unless: str = ""
    why: str
    better: str
    examples: Examples


def question_rules() -> list[QuestionRule]:
    """All rules for questions; the earlier weigh more."""
    found: list[QuestionRule] = load("question_rules.yaml", list[QuestionRule])
    return found


def check_question(text: str) -> list[Finding]:
    """Advice (KZ-10) on one interview question, at most one finding per rule; an open question about a scene has none.

    A question that leads or asks for needs is not told that it can be answered with yes as well.

    >>> [found.category for found in check_question("何が欲しいですか")]
    ['direct_need']
    """
    flat = plain(text)
    found: list[Finding] = []
    for rule in question_rules():
        if rule.id == "yes_or_no" and found:
            continue
        if rule.unless and re.search(rule.unless, flat.text):
            continue
        match = next((match for pattern in rule.patterns if (match := re.search(pattern, flat.text)) and match.end() > match.start()), None)
        if match:
            start, end = flat.span(match.start(), match.end())
            message = f"{rule.why}。「{rule.better}」と聞いてみましょう。"
            found.append(Finding("KZ-10", rule.id, Strength.ADVICE, message, start, end, (rule.better,)))
    return found
