"""Sessions, tokens and rate limits in PostgreSQL: what a request may be recognised by."""
