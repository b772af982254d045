# ruff: noqa
"""JupyterHub for one machine whose participants have accounts of their own on it; see docs/jupyterhub.ja.md."""

import sys
from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub gives it

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # TLS stands in front of it (see the text); never give it to a network as it is
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"

c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.open_sessions = False
c.Authenticator.allowed_users = {"hana", "sora"}  # the accounts of this class, and no others

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]  # of this environment, whatever PATH says
c.Spawner.ip = "127.0.0.1"
c.Spawner.notebook_dir = "~/kizuna-course"
c.Spawner.default_url = "/lab/tree/notebooks/00_start.ipynb"
c.Spawner.args = [
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--KernelManager.transport_encryption=required",  # without it every account of this machine can listen to the kernels
]
# The menus in Japanese and no news, as `kizuna lab` has them.
c.Spawner.environment = {"JUPYTER_CONFIG_PATH": str(Path(find_spec("kizuna").origin).parent / "serve" / "jupyter")}
c.Spawner.start_timeout = 120
