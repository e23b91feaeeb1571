"""Delivery to people and machines: pages, JSON, wording; it decides nothing."""
