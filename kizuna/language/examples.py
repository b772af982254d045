"""The little tests that an entry of a content file carries with it."""

from __future__ import annotations

from pydantic import Field

from kizuna.content import Entry


class Examples(Entry):
    """Texts that an entry must flag, and texts that it must let pass; the tests try every one."""

    flag: list[str] = Field(min_length=1)
    passes: list[str] = Field(alias="pass", min_length=1)
