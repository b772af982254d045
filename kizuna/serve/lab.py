"""Serves the notebooks in JupyterLab: Japanese menus, no news, on this machine only."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from jupyterlab.labapp import LabApp

from kizuna.errors import KizunaError
from kizuna.serve.address import HOST, announce, new_token, page_address
from kizuna.serve.channels import kernel_channels
from kizuna.serve.folder import first_notebook, notebooks_folder
from kizuna.serve.signals import BYE, end_what_is_left, stop_on_signals

PORT = 8888

_SETTINGS = Path(__file__).parent / "jupyter"


def serve_lab(
    port: int | None = None,
    token: str | None = None,
    open_browser: bool = True,
    notebooks: str | os.PathLike[str] | None = None,
    debug: bool = False,
) -> None:
    """Serve JupyterLab until Ctrl+C; prints one line with the address.

    The file list shows the folder that holds the notebooks' folder. The arguments are those of ``serve_pages``.
    Our settings are defaults: what a person changes in JupyterLab stays theirs, and nothing is written for them here.
    """
    folder = notebooks_folder(notebooks)
    token = token or new_token()
    # An environment variable of this process: JupyterLab has no flag that adds defaults beside those it ships.
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH")]))
    try:
        server = LabApp.initialize_server(_arguments(folder.parent, port, token, debug))
    except SystemExit as ended:
        if not ended.code:
            raise
        raise KizunaError(f"ポート {port or PORT} は使われています。--port で別の番号を選んでください。") from None
    stop_on_signals(server.io_loop, server.stop)
    path = f"lab/tree/{folder.name}/{first_notebook(folder)}"
    # The loop's first task, given to it above, is to listen; so nobody hears of the address before it answers.
    address = page_address(server.port, path, token)
    server.io_loop.add_callback(lambda: announce(address, open_browser=open_browser))
    server.start()
    end_what_is_left(server.io_loop)
    print(f"\n{BYE}", flush=True)


def _arguments(root: Path, port: int | None, token: str, debug: bool) -> list[str]:
    return [
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={port or PORT}",
        f"--ServerApp.port_retries={50 if port is None else 0}",
        f"--IdentityProvider.token={token}",
        "--ServerApp.open_browser=False",
        "--ServerApp.no_browser_open_file=True",
        # A workshop's container runs as root; the server answers on this machine only, and asks for the secret word.
        "--ServerApp.allow_root=True",
        # The list of extensions would be asked for over the network.
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        *(f"--KernelManager.{name}={value}" for name, value in kernel_channels().items()),
        f"--Application.log_level={logging.INFO if debug else logging.CRITICAL}",
    ]
