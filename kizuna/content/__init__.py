"""Words an instructor may change: YAML files beside this module, each checked against its model when it is loaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from kizuna.errors import KizunaError

FOLDER = Path(__file__).parent

T = TypeVar("T")


class Entry(BaseModel):
    """One entry of a content file: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ContentError(KizunaError):
    """A content file does not read as it should; the message names the file and the place."""


def load(name: str, shape: type[T], folder: Path = FOLDER) -> T:
    """The content file ``name`` (with its ending, for example ``media.yaml``) as ``shape``, checked, read once per process.

    Raises ``ContentError`` naming the file, the line and what is wrong.
    """
    shaped: Any = shape  # hashable, as every type is
    read: T = _load(name, shaped, folder)
    return read


@cache
def _load(name: str, shape: Any, folder: Path) -> Any:
    path = folder / name
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{name} が読めません。文字コードが UTF-8 のファイルがあるか、確かめてください。") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(f"{name} の {line} 行目が YAML として読めません（{error.problem}）。") from error
    try:
        return TypeAdapter(shape).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        line = _line_of(node, first["loc"])
        where = " → ".join(str(part) for part in first["loc"])
        raise ContentError(f"{name} の {line} 行目（{where}）を直してください：{first['msg']}") from error


def _line_of(node: yaml.Node | None, location: tuple[Any, ...]) -> int:
    """The 1-based line of the innermost node that ``location`` (pydantic's path of keys and indices) leads to."""
    line = 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
        else:
            found = None
        if found is None:
            break
        node, line = found, found.start_mark.line + 1
    return line
