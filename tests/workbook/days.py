"""What day it is, for tests that live through several."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.workbook import backups, store


def on_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """From here on it is ``day`` for the workbook and its copies."""

    class Today(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return day

    for module in (store, backups):
        monkeypatch.setattr(module, "date", Today)
