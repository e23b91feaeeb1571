"""What leaves the market for anybody to check: decisions, open data, bundles."""
