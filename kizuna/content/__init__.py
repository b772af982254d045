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

# The same reading in C is ten times as quick, and a page reads several files before it shows anything.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What pydantic finds wrong, in the words of those who edit these files.
_SAID = {
    "missing": "この項目が足りません",
    "extra_forbidden": "この名前の項目は使えません",
    "string_type": "文字で書いてください（数字や yes・no は引用符で囲みます）",
    "list_type": "「- 」で始まる行を並べてください",
    "dict_type": "「名前: 中身」の形で書いてください",
    "model_type": "「名前: 中身」の形で書いてください",
    "int_parsing": "数字で書いてください",
    "int_type": "数字で書いてください",
    "float_parsing": "数字で書いてください",
    "bool_parsing": "true か false で書いてください",
    "literal_error": "決められた言葉のどれかにしてください",
    "enum": "決められた言葉のどれかにしてください",
    "too_short": "数が足りません",
    "too_long": "数が多すぎます",
}


class Entry(BaseModel):
    """One entry of a content file: unknown keys are refused, values do not change."""

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)


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
        text = path.read_text(encoding="utf-8")
        node, raw = _read(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{name} が読めません。文字コードが UTF-8 のファイルがあるか、確かめてください。") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(f"{name} の {line} 行目のあたりが読めません。字下げと、記号のあとの空白を確かめてください。") from error
    except yaml.YAMLError as error:
        raise ContentError(f"{name} に、目に見えない特別な文字が入っています。文字を打ち直してください。") from error
    if (twice := _twice(node)) is not None:
        raise ContentError(
            f"{name} の {twice.start_mark.line + 1} 行目の「{twice.value}」は、同じ所に二度書かれています。どちらかを消してください。"
        )
    try:
        return TypeAdapter(shape).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        line = _line_of(node, first["loc"])
        said = _SAID.get(first["type"], "書き方が決まりと合いません")
        where = " → ".join(str(part) for part in first["loc"])
        raise ContentError(f"{name} の {line} 行目（{where}）を直してください：{said}。") from error


def _read(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of a YAML text, which know their lines, and its values."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _twice(node: yaml.Node | None) -> yaml.ScalarNode | None:
    """The first key that stands a second time in one mapping; YAML itself would keep the last without a word."""
    children: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    return key
                seen.add(key.value)
            children.append(value)
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    return next((found for child in children if (found := _twice(child)) is not None), None)


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
