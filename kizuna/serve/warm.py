"""Makes the first page as quick as the later ones: what every page needs of the server is loaded before the first visitor comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from voila.app import Voila
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config


class _Rehearsal(NotebookRenderer):
    """A page made without a kernel, for nobody: its templates are translated, no cell is run."""

    async def _jinja_kernel_start(self, _nb: Any, **_: Any) -> str:
        return ""

    async def _jinja_cell_generator(self, nb: Any, _kernel_id: str) -> AsyncIterator[Any]:
        for cell in nb.cells:
            yield cell


async def rehearse(app: Voila, notebook: str) -> None:
    """Make the page of ``notebook`` once, without running it, and throw it away."""
    configuration, settings = app.voila_configuration, app.app.settings
    page = _Rehearsal(
        voila_configuration=configuration,
        traitlet_config=app.config,
        notebook_path=notebook,
        template_paths=app.template_paths,
        config_manager=settings["config_manager"],
        contents_manager=settings["contents_manager"],
        base_url=app.base_url,
        kernel_spec_manager=settings["kernel_spec_manager"],
        page_config=get_page_config(base_url=app.base_url, settings=settings, log=app.log, voila_configuration=configuration),
    )
    await page.initialize()
    async for _ in page.generate_content_generator(""):
        pass
