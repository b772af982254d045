"""Where papermill finds our engine (entry point ``papermill.engine``).

papermill loads its entry points while it is itself being loaded, so this module knows nothing of it; the engine is loaded when a notebook is to run.
"""

from __future__ import annotations

from typing import Any


class KizunaEngine:
    """``papermill --engine kizuna …``: the cells run in papermill's own process."""

    @classmethod
    def execute_notebook(cls, *args: Any, **how: Any) -> Any:
        """The notebook as papermill wants it back; see ``kizuna.batch.engine``."""
        from kizuna.batch.engine import InProcessEngine

        return InProcessEngine.execute_notebook(*args, **how)
