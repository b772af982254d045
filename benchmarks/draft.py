"""What ``kizuna plan`` spends its time on, for 20, 200 and 500 answers: ``python benchmarks/draft.py``.

Each size runs in a fresh process, models cold. Absolute times wander with the machine; compare within one run.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

INN = Path(__file__).parents[1] / "datasets" / "inn" / "inn_wishes.csv"
PHASES = ("import", "read", "models", "themes", "plan", "write")


def run(answers: Path, out: Path) -> dict[str, float]:
    """Seconds of each phase, in this process."""
    clock = [time.perf_counter()]

    def lap() -> None:
        clock.append(time.perf_counter())

    from kizuna.batch.draft import STEPS, draft_folder
    from kizuna.language import themes

    lap()
    encode, spent = themes._near, []

    def timed(*args: object) -> object:
        begun = time.perf_counter()
        result = encode(*args)  # type: ignore[arg-type]
        spent.append(time.perf_counter() - begun)
        return result

    themes._near = timed  # type: ignore[assignment]
    draft_folder(answers, out, tell=lambda _: lap())
    laps = dict(zip(("import", *STEPS), (later - earlier for earlier, later in pairwise(clock)), strict=True))
    seconds = list(laps.values())
    return {
        "import": seconds[0],
        "read": seconds[1],
        "models": sum(spent),
        "themes": seconds[2] - sum(spent),
        "plan": seconds[3],
        "write": seconds[4],
    }


def main() -> None:
    print(f"{'answers':>8} " + " ".join(f"{phase:>8}" for phase in PHASES) + f" {'total':>8}")
    rows = list(csv.reader(INN.open(encoding="cp932", newline="")))
    with tempfile.TemporaryDirectory() as folder:
        for count in (20, 200, 500):
            body = [row for number in range(count) for row in [[*rows[1 + number % 240]]]]
            for number, row in enumerate(body):
                row[1] = f"{row[1]}{number}"
            path = Path(folder) / f"{count}.csv"
            with path.open("w", encoding="cp932", newline="") as file:
                csv.writer(file).writerows([rows[0], *body])
            said = subprocess.run([sys.executable, __file__, str(path), folder], capture_output=True, text=True, check=True).stdout
            laps = json.loads(said)
            print(f"{count:>8} " + " ".join(f"{laps[phase]:8.2f}" for phase in PHASES) + f" {sum(laps.values()):8.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]) / "out")))
    else:
        main()
