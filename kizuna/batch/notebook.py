"""The notebooks that reports are made with: ours, or an instructor's own."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from kizuna.errors import KizunaError

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks" / "reports"


def choose(chosen: str, wanted: set[str], name: str = "participant") -> Path:
    """The notebook to run. Raises ``KizunaError`` where it is missing, is none, or does not know a parameter that it would be given."""
    path = Path(chosen).expanduser().absolute() if chosen else NOTEBOOKS / f"{name}.ipynb"
    if not path.is_file():
        raise KizunaError(f"ノートブック「{path}」が見つかりません。場所と名前を確かめてください。")
    unknown = wanted - known_parameters(path)
    if unknown:
        named = "・".join(sorted(unknown))
        raise KizunaError(
            f"ノートブック「{path.name}」は {named} を知りません。「parameters」のタグを付けたセルに、初めの値といっしょに書いてください。"
        )
    return path


def known_parameters(notebook: Path) -> set[str]:
    """The parameters that the cell tagged ``parameters`` names. Raises ``KizunaError`` for a file that is no notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = ["".join(cell["source"]) for cell in cells if "parameters" in cell["metadata"].get("tags", ())]
        lines = [line for text in tagged[:1] for line in ast.parse(text).body]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        raise KizunaError(f"「{notebook}」を、ノートブックとして読めませんでした。JupyterLab で開けるかを確かめてください。") from error
    targets = [one for line in lines if isinstance(line, ast.Assign) for one in line.targets]
    targets += [line.target for line in lines if isinstance(line, ast.AnnAssign)]
    return {one.id for one in targets if isinstance(one, ast.Name)}
