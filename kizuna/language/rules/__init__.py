"""The rules of the trade and of kizuna: what they say about a text, about recorded facts, and about a perk."""

from kizuna.language.rules.check import check_text
from kizuna.language.rules.context import Channel, Industry, Kind, Purpose
from kizuna.language.rules.costs import check_cost, cost_things
from kizuna.language.rules.facts import Facts, check_facts
from kizuna.language.rules.perks import Perk, perk
from kizuna.language.rules.table import Rule, dated, footer, rule, rules

__all__ = [
    "Channel",
    "Facts",
    "Industry",
    "Kind",
    "Perk",
    "Purpose",
    "Rule",
    "check_cost",
    "check_facts",
    "check_text",
    "cost_things",
    "dated",
    "footer",
    "perk",
    "rule",
    "rules",
]
