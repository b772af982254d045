"""How many marked words the wording check finds, and how often it speaks without need.

    python benchmarks/wording.py --data FOLDER

FOLDER holds wording_dev.txt (marked 【…】, then harmless lines) and reviews_hotel.jsonl, reviews_spot.jsonl (harmless sentences).
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

from kizuna.language.wording import check_wording


def marked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """The line without its marks, and the spans that were marked."""
    spans: list[tuple[int, int]] = []
    plain = ""
    for part in re.split(r"(【[^】]*】)", line):
        if part.startswith("【"):
            spans.append((len(plain), len(plain) + len(part) - 2))
            part = part[1:-1]
        plain += part
    return plain, spans


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", action="store_true", help="print what was missed and what was flagged without need")
    options = parser.parse_args()
    found = total = harmless = alarms = 0
    for line in (options.data / "wording_dev.txt").read_text(encoding="utf-8").splitlines():
        text, spans = marked(line)
        findings = check_wording(text)
        if not spans and text:
            harmless += 1
            alarms += bool(findings)
            if findings and options.show:
                print("  flagged:", text, [text[f.start : f.end] for f in findings])
        for start, end in spans:
            total += 1
            hit = any(f.start < end and start < f.end for f in findings)
            found += hit
            if not hit and options.show:
                print("  missed:", text[start:end], "|", text)
    print(f"marked words found      {found}/{total} = {found / total:.3f}")
    print(f"harmless lines flagged  {alarms}/{harmless}")
    for name in ("reviews_hotel.jsonl", "reviews_spot.jsonl"):
        rows = [json.loads(line) for line in (options.data / name).read_text(encoding="utf-8").splitlines()]
        texts = [turn["text"] for row in rows for turn in row["utterances"]]
        flagged = [(text, findings) for text in texts if (findings := check_wording(text))]
        print(f"{name:23} {1000 * len(flagged) / len(texts):.2f} per 1,000 sentences ({len(flagged)} of {len(texts)})")
        for text, findings in flagged if options.show else []:
            print("  flagged:", text, [text[f.start : f.end] for f in findings])


if __name__ == "__main__":
    main()
