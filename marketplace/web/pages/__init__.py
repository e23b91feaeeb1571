"""The public pages: what was asked is read, the use case is asked, the answer becomes a view."""
