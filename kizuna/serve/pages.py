"""Serves the notebooks as pages without code, by a stand-alone Voilà that answers on this machine only."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server import DEFAULT_TEMPLATE_PATH_LIST
from jupyter_server.base.handlers import APIHandler, FileFindHandler
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from tornado import web
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from kizuna.errors import KizunaError
from kizuna.serve.address import HOST, announce, new_token, page_address
from kizuna.serve.channels import kernel_channels
from kizuna.serve.exporter import use_page_exporter
from kizuna.serve.folder import PRACTICE_PAGE, exercises_folder, first_notebook, notebooks_folder
from kizuna.serve.forked import branch_kernels_off
from kizuna.serve.renderer import Prompt, use_page_renderer
from kizuna.serve.signals import BYE, stop_on_signals
from kizuna.serve.stem import Stem
from kizuna.serve.warm import rehearse

PORT = 8866

# A kernel needs about 100 MB. One whose page was closed may finish its last saving and then goes; the idle time is for
# pages that vanished without a word: a laptop closed over lunch finds its page alive, a crashed browser costs an hour of memory. A page that is still open keeps its kernel however long it rests.
SECONDS_AFTER_LEAVING = 10
SECONDS_IDLE = 3600
SECONDS_BETWEEN_LOOKS = 30

# What the browser loads besides Voilà's app; whatever else is installed beside kizuna stays out of its pages.
_EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]

# The second lock: even a script that came in with somebody's words can fetch from and tell to nobody but this server. Voilà's own scripts stand in the page
# (unsafe-inline), the app translates its settings' grammar into functions (unsafe-eval), and anywidgets come as blobs. Frames show sheets before they are printed.
_CLOSED = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "frame-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)

_TEMPLATES = Path(__file__).parent / "templates" / "kizuna"


def serve_pages(
    port: int | None = None,
    token: str | None = None,
    open_browser: bool = True,
    notebooks: str | os.PathLike[str] | None = None,
    debug: bool = False,
    stem: Stem | None = None,
) -> None:
    """Serve the notebooks as pages until Ctrl+C; prints one line with the address.

    ``port`` defaults to 8866 or, where that is taken, a free one near it; a port asked for must be free.
    ``token`` defaults to a fresh random one, ``notebooks`` to the course's own folder; ``debug`` prints Voilà's log;
    kernels branch off ``stem`` where one is given.
    Raises ``KizunaError`` when there is nothing to serve or the port is taken.
    """
    folder = notebooks_folder(notebooks)
    if stem:
        branch_kernels_off(stem)
    use_page_exporter()
    use_page_renderer()
    pages = Pages(config=_config(folder, port, token or new_token(), debug))
    pages.opens_browser = open_browser
    if not debug:
        logging.getLogger("tornado").setLevel(logging.CRITICAL)
    pages.initialize([])
    try:
        pages.start()
    except SystemExit as ended:
        if not ended.code:
            raise
        raise KizunaError(f"ポート {port or PORT} は使われています。--port で別の番号を選んでください。") from None
    print(f"\n{BYE}", flush=True)


def _config(folder: Path, port: int | None, token: str, debug: bool) -> Config:
    """Voilà's settings; the user's own Voilà and Jupyter settings are not read, so pages are the same everywhere."""
    return Config(
        {
            "Voila": {
                "root_dir": str(folder),
                "config_file_paths": [],
                "ip": HOST,
                "port": port or PORT,
                "port_retries": 50 if port is None else 0,
                "token": token,
                "log_level": logging.INFO if debug else logging.CRITICAL,
            },
            "VoilaConfiguration": {
                "theme": "light",
                "allow_theme_override": "NO",
                "allow_template_override": "NO",
                "strip_sources": True,
                "show_tracebacks": False,
                "prelaunch_hook": _take_title,
                "page_config_hook": _leave_out_formulae,
                "extension_allowlist": _EXTENSIONS,
                "multi_kernel_manager_class": "kizuna.serve.ready.ReadyKernels",
                "resources": {"kizuna": {"style": files("kizuna.views").joinpath("style.css").read_text(encoding="utf-8")}},
            },
            "VoilaExporter": {"language_code": "ja"},
            "KernelManager": kernel_channels(),
            "MappingKernelManager": {
                "cull_idle_timeout": SECONDS_IDLE,
                "cull_interval": SECONDS_BETWEEN_LOOKS,
                "cull_connected": False,
                "cull_busy": False,
            },
        }
    )


def _take_title(_request: Any, notebook: Any, cwd: str) -> None:
    """Give the page the notebook's first heading as its title, and leave out the picture of JupyterLab's buttons, which a page has not."""
    for cell in notebook.cells:
        cell.source = re.sub(r"!\[[^]]*\]\([^)]*images/run_all\.svg\)", "", cell.source)
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    heading = next((line.lstrip("#").strip() for line in lines if line.startswith("# ")), "")
    notebook.metadata["title"] = f"{heading}｜絆" if heading else "絆"


def _leave_out_formulae(page_config: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Name an empty script as MathJax, to be loaded from its address; watch.js stands in for it."""
    return {**page_config, "fullMathjaxUrl": "data:text/javascript,//", "mathjaxConfig": ""}


class Leaving(APIHandler):
    """Ends a page's kernel a little after the page was left.

    Voilà's own handler ends it at once, where a message that is still on its way would be lost, or not at all,
    because the browser's last word carries no XSRF cookie. A kernel's id cannot be guessed, so none is asked for here.
    """

    def check_xsrf_cookie(self) -> None:
        """Ask for no XSRF cookie."""

    @web.authenticated
    async def post(self, kernel_id: str) -> None:
        """Answer at once; the kernel ends later, unless a page is connected to it again."""
        IOLoop.current().call_later(SECONDS_AFTER_LEAVING, self._end_if_alone, kernel_id)
        self.set_status(204)

    async def _end_if_alone(self, kernel_id: str) -> None:
        kernels = self.kernel_manager
        if kernel_id in kernels and not kernels.kernel_model(kernel_id)["connections"]:
            await ensure_async(kernels.shutdown_kernel(kernel_id))


class Kept(FileFindHandler):
    """Gives the parts of the app that a browser may keep for good: their names hold what is in them."""

    def set_extra_headers(self, path: str) -> None:
        if re.search(r"\.[0-9a-f]{8,}\.js$", path):
            self.set_header("Cache-Control", "max-age=31536000, immutable")
        else:
            self.add_header("Cache-Control", "no-cache")


class Visit(TornadoVoilaHandler):
    """A page on its way to the browser; each piece goes at once, or the system would keep it back for 40 ms."""

    @cached_property
    def kernel_manager(self) -> Prompt:
        """The kernels, which give a number before they give a kernel."""
        return Prompt(super().kernel_manager)

    def prepare(self) -> Any:
        """Hold nothing back."""
        self.request.connection.stream.set_nodelay(True)
        return super().prepare()


class Talk(VoilaKernelWebsocketHandler):
    """What a page and its kernel say to each other; each word goes at once, or the system would keep it back for 40 ms."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Hold nothing back."""
        self.set_nodelay(True)
        return super().open(*args, **kwargs)


class Notebooks(LargeFileManager):
    """The notebooks of the course, and under names of their own the exercises, which lie in the folder beside."""

    def get(self, path: str, *args: Any, **how: Any) -> dict[str, Any]:
        """What lies at ``path``, as the browser knows it."""
        folder = exercises_folder(Path(self.root_dir))
        if (found := re.fullmatch(rf"/?{PRACTICE_PAGE}(\w+\.ipynb)", path)) and (folder / found[1]).exists():
            return dict(LargeFileManager(parent=self, root_dir=str(folder)).get(found[1], *args, **how))
        return dict(super().get(path, *args, **how))


_OURS = {TornadoVoilaHandler: Visit, VoilaKernelWebsocketHandler: Talk}


class Pages(Voila):
    """Voilà with our template in front of its own, a way home, gentle endings, and one line to say where it is."""

    opens_browser = True

    @property
    def _first_page(self) -> str:
        return f"voila/render/{first_notebook(Path(self.root_dir))}"

    def setup_template_dirs(self) -> None:
        """Let our template be found before Voilà's, which it extends, wherever the package is installed."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(_TEMPLATES))

    def init_settings(self) -> dict[str, Any]:
        """Serve the exercises too, and use our page for those who come without the secret word."""
        settings: dict[str, Any] = super().init_settings()
        self.contents_manager = settings["contents_manager"] = Notebooks(parent=self)
        settings["headers"] = {**settings.get("headers", {}), "Content-Security-Policy": _CLOSED, "Referrer-Policy": "same-origin"}
        settings["allow_remote_access"] = False  # a name from elsewhere that was made to point at this machine gets no page
        settings["jinja2_env"].loader.searchpath = [str(_TEMPLATES), *DEFAULT_TEMPLATE_PATH_LIST]
        return settings

    def init_handlers(self) -> list[Any]:
        """Put our answers before Voilà's; the first that fits is taken."""
        # Not for ever (permanent): the next start may serve other notebooks. The secret word in the address goes along.
        home = {"url": f"/{self._first_page}", "permanent": False}
        own: list[Any] = [
            (r"/(?:voila/?|voila/tree.*)?", web.RedirectHandler, home),
            (r"/voila/api/shutdown/(.*)", Leaving),
            (r"/voila/labextensions/(.*)", Kept, {"path": self.labextensions_path}),
        ]
        return own + [(path, _OURS.get(handler, handler), *more) for path, handler, *more in super().init_handlers()]

    def launch_browser(self) -> None:
        """Voilà calls this as soon as it listens: say where, and see to it that it can be ended gently."""
        loop = IOLoop.current()
        stop_on_signals(loop, loop.stop)
        announce(page_address(self.port, self._first_page, self.token), open_browser=self.opens_browser)
        loop.add_callback(self._get_ready)

    async def _get_ready(self) -> None:
        """While the browser starts: make a kernel, and a page to throw away."""
        self.kernel_manager.prepare()
        with contextlib.suppress(Exception):  # what is wrong with it is told when a person asks for it
            await rehearse(self, first_notebook(Path(self.root_dir)))

    def stop(self) -> None:
        """End every kernel, and leave nothing behind."""
        self.ioloop.run_sync(self.kernel_manager.shutdown_all)  # in the loop that has watched over them
        shutil.rmtree(self.connection_dir, ignore_errors=True)
