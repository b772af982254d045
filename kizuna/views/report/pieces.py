"""A piece of a report as a notebook shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from kizuna.views.sheets import piece


@dataclass(frozen=True)
class Piece:
    """HTML that a notebook draws; where only text is shown, its title."""

    title: str
    html: Markup

    def __repr__(self) -> str:
        return f"〔{self.title}〕"

    def _repr_html_(self) -> str:
        return str(self.html)


def made(page: str, name: str, title: str, **values: Any) -> Piece:
    """The piece ``name`` of a page, filled in; every value is escaped."""
    return Piece(title, piece(f"report/{page}.html.j2", name, **values))


@cache
def style() -> Markup:
    """The style of all reports; it is our own file, and holds nothing from anywhere else."""
    return Markup((Path(__file__).parent / "report.css").read_text(encoding="utf-8"))  # noqa: S704
