"""Train the small model behind ``kizuna/language/personal/crf.py``; the same data give the same model.

    python datasets/ner/train.py --data FOLDER

FOLDER holds ner_wikipedia.json: Stockmark's ner-wikipedia-dataset (CC BY-SA 3.0), sentences of the Japanese Wikipedia with their
persons and organisations marked. Beside it the model reads this project's own marked lines (benchmarks/data/personal_dev.txt).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pycrfsuite

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.marked import read  # noqa: E402
from kizuna.language.personal.crf import MODEL, features  # noqa: E402
from kizuna.language.plain import plain  # noqa: E402
from kizuna.language.tokens import tokens  # noqa: E402

TYPES = {"人名": "P", "法人名": "C"}
SETTINGS = {"c1": 0.3, "c2": 0.02, "max_iterations": 90, "feature.minfreq": 2, "feature.possible_transitions": True}


def labels(spans: list[tuple[int, int, str]], text: str) -> tuple[list[list[str]], list[str]]:
    """The features of the text's words, and for each whether a name begins (B), goes on (I) or is not there (O)."""
    words = tokens(text)
    found = ["O"] * len(words)
    for start, end, kind in spans:
        inside = [at for at, word in enumerate(words) if word.start < end and start < word.end]
        for place, at in enumerate(inside):
            found[at] = f"{'I' if place else 'B'}-{kind}"
    return features(words), found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=MODEL)
    options = parser.parse_args()
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(SETTINGS)
    for row in json.loads((options.data / "ner_wikipedia.json").read_text(encoding="utf-8")):
        spans = [(*one["span"], TYPES[one["type"]]) for one in row["entities"] if one["type"] in TYPES]
        trainer.append(*labels(spans, row["text"]))
    for line in read(ROOT / "benchmarks" / "data" / "personal_dev.txt"):
        text = plain(line.text).text
        if len(text) == len(line.text):
            spans = [(one.start, one.end, one.kind[0]) for one in line.spans if one.kind in ("PERSON", "COMPANY")]
            trainer.append(*labels(spans, text))
    trainer.train(str(options.out))
    print(f"{options.out}: {options.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
