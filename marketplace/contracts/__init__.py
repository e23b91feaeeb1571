"""Contracts: what follows an award, from its signing to the archive."""
