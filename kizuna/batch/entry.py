"""Where papermill finds our engine (entry point ``papermill.engine``).

papermill loads its entry points while it is itself being loaded, so this module knows nothing of it; the engine is loaded when papermill asks it for something.
"""

from __future__ import annotations

from typing import Any


class _Later(type):
    """A class that answers as the engine does."""

    def __getattr__(cls, name: str) -> Any:
        from kizuna.batch.engine import InProcessEngine

        return getattr(InProcessEngine, name)


class KizunaEngine(metaclass=_Later):
    """``papermill --engine kizuna …``: the cells run in papermill's own process."""
