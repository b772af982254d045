"""Work on whole files without a page: a draft from one file, readings of each row, reports on a whole class (``report`` is where those begin)."""
