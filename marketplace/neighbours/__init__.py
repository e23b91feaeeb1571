"""Neighbours: the systems around the market, each behind a port; one shape of messages, one way of signing them."""
