"""One row of the workbook: fetched though another page may have taken it away, and written though another page may have changed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.workbook.models import Base

_Row = TypeVar("_Row", bound=Base)


def fetch(session: Session, kind: type[_Row], row_id: int | None, gone: str) -> _Row:
    """The row of that id. Raises ``KizunaError`` with the sentence ``gone`` where another page has taken it away."""
    row = session.get(kind, row_id) if row_id is not None else None
    if row is None:
        raise KizunaError(gone)
    return row


def overwrite(row: Base, fields: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Put ``fields`` into ``row``, texts without blanks at their ends; returns what another page had written there meanwhile.

    ``seen`` is what the page showed before; what stands there now counts as another page's where it was neither seen nor is meant. Nothing
    written and an empty text are the same.
    """
    values = {key: value.strip() if isinstance(value, str) else value for key, value in fields.items()}
    there = {key: getattr(row, key) for key in values if seen and key in seen}
    for key, value in values.items():
        setattr(row, key, value)
    return {key: was for key, was in there.items() if _said(was) not in (_said((seen or {})[key]), _said(values[key]))}


def _said(value: Any) -> Any:
    return None if value == "" else value


def only(fields: Collection[str], editable: Collection[str]) -> None:
    """Raise ``TypeError`` where a field is named that may not be written."""
    if unknown := set(fields) - set(editable):
        raise TypeError(f"not editable: {sorted(unknown)}")
