"""Coverage-guided fuzzing of what is read from outside, with atheris (``pip install atheris``; the project does not need it otherwise).

``python -m tests.long.fuzz a_file FOLDER -max_total_time=600`` begins from the seeds, keeps what it found interesting in FOLDER, and writes an input that
lets anything but one sentence out, hangs (``-timeout``) or takes too much memory (``-rss_limit_mb``) as a file of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["kizuna.workbook", "kizuna.content", "openpyxl"]):
    from tests.fuzzing import TARGETS, seeds


def main() -> None:
    target, folder, *options = sys.argv[1:]
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(target)):
        (corpus / f"seed{number}").write_bytes(seed)
    limits = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=4096", f"-artifact_prefix={folder}.found-"]
    atheris.Setup([sys.argv[0], *limits, *options, folder], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
