"""One verb per file; the only place that joins the packages."""
