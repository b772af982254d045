"""An imaginary class, so that the class's notebooks show something without a class."""

from __future__ import annotations

import random
from typing import Any

from kizuna.language.rules.context import Industry
from kizuna.process import Part, Step
from kizuna.steps.report.facts import SCALES, Facts, interview, places
from kizuna.steps.report.words import words

_CAME = (2, 3, 4, 5, 5, 5, 5, 7, 9, 10)  # how far they came


def example_class(count: int = 24, seed: int = 1) -> list[dict[str, Any]]:
    """The facts of ``count`` participants drawn by chance, the same for the same seed."""
    luck = random.Random(seed)
    return [_somebody(luck, number) for number in range(1, count + 1)]


def _somebody(luck: random.Random, number: int) -> dict[str, Any]:
    came, heard = luck.choice(_CAME), luck.randint(4, 16)
    kinds, questions = [one.key for one in words().kinds], list(interview())
    chosen = sorted(luck.sample(kinds, luck.randint(2, 6)), key=kinds.index)
    numbers = {
        "heard": heard,
        "themes": len(chosen),
        "decided": 3 if came > 1 else 0,
        "done": luck.randint(0, 3) if came > 2 else 0,
        "asked": luck.randint(3, 9) if came > 2 else 0,
        "used": luck.randint(1, 3) if came > 2 else 0,
        "answered": luck.randint(1, 6) if came > 3 else 0,
        "improved": luck.randint(1, 3) if came > 3 else 0,
        "mended": luck.randint(0, 1) if came > 3 else 0,
        "shown": luck.randint(1, 2) if came > 4 else 0,
    }
    before = {key: luck.randint(3, 7) for key in SCALES}
    return Facts(
        code=f"MIHON{number:03}",
        name=f"見本の店{number}",
        industry=luck.choice([Industry.GENERAL, Industry.FOOD, Industry.BEAUTY, Industry.TEACHING]).label,
        made=places()[:came],
        numbers={
            key: {Part.FOLLOWUP: count, Part.TRIBE: 2 if key == "themes" and came > len(Step) else 0} for key, count in numbers.items()
        },
        scales={key: (value, min(10, value + luck.choice([0, 1, 1, 2, 3])) if came > 2 else None) for key, value in before.items()},
        asked=sorted(luck.sample(questions[:5], luck.randint(2, 5)) + luck.sample(questions[5:], luck.randint(0, 1))),
        heard=chosen,
        answered=chosen[:3],
        waiting=luck.sample(kinds, 1),
        declared=came > 3,
    ).model_dump(mode="json")
