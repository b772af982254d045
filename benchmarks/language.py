"""One table: how well kizuna reads customers' words, beside the plain methods on the same samples.

    python -m benchmarks.language --data FOLDER

Prints Markdown, as it stands in docs/language.md. Each part is also a benchmark of its own (themes, personal, wording, feedback), whose
``rows`` gives (measure, method, value).
"""

from __future__ import annotations

import argparse
import importlib
import time
from pathlib import Path

PARTS = ("themes", "personal", "wording", "feedback")
OURS = "kizuna"


def table(rows: list[tuple[str, str, float]]) -> str:
    """The rows as a Markdown table: a line for each measure, our figure first, then the others with their names."""
    measures: dict[str, dict[str, float]] = {}
    for measure, method, value in rows:
        measures.setdefault(measure, {})[method] = value
    lines = ["| measure | kizuna | other methods |", "|---|---|---|"]
    for measure, found in measures.items():
        others = " · ".join(f"{method} {value:.3f}" for method, value in found.items() if method != OURS)
        own = f"**{found[OURS]:.3f}**" if OURS in found else "–"
        lines.append(f"| {measure} | {own} | {others or '–'} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=PARTS, action="append", help="only this part (may be given several times)")
    options = parser.parse_args()
    start, rows = time.perf_counter(), []
    for part in options.only or PARTS:
        rows += importlib.import_module(f"benchmarks.{part}").rows(options.data)
    print(table(rows))
    print(f"\n{len(rows)} figures in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
