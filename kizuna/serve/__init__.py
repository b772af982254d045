"""Opens the notebooks for a person: as pages without code (``pages``) or in JupyterLab (``lab``)."""

from kizuna.loading import leave_out

leave_out()
