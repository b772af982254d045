"""Opens the notebooks for a person: as pages without code (``pages``) or in JupyterLab (``lab``)."""
