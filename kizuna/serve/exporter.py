"""Makes the HTML of a page, without translating its templates anew for every visit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from voila import notebook_renderer
from voila.exporter import VoilaExporter


class _Translated(BytecodeCache):
    """Templates as they were translated, kept in memory; a template whose text has changed is translated again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_translated = _Translated()


class PageExporter(VoilaExporter):
    """Voilà's exporter, which begins with nothing for every visit: a tenth of a second."""

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = _translated
        return environment

    async def generate_from_notebook_node(self, *args: Any, **kwargs: Any) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """The page in as many pieces as there are waits for its kernel; the templates give hundreds."""
        held: list[tuple[str, dict[str, Any]]] = []
        grown = asyncio.Event()

        async def fill() -> None:
            try:
                async for piece in super(PageExporter, self).generate_from_notebook_node(*args, **kwargs):
                    held.append(piece)
                    grown.set()  # whoever waits for it is heard only when the next piece has to be waited for
            finally:
                grown.set()

        filling = asyncio.create_task(fill())
        try:
            while held or not filling.done():
                await grown.wait()
                grown.clear()
                if held:
                    text, (_, resources) = "".join(text for text, _ in held), held[-1]
                    held.clear()
                    yield text, resources
            await filling
        finally:
            filling.cancel()


def use_page_exporter() -> None:
    """From now on Voilà makes its pages with ours; it has no setting for that."""
    notebook_renderer.VoilaExporter = PageExporter
