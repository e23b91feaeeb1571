"""Papers: PDFs set by typst from own templates; data go in as JSON, never as markup."""
