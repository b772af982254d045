"""Work on whole files without a page: drafts from one file now, reports for many workbooks later."""
