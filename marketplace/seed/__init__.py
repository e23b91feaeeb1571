"""Seed and planned data: what a fresh market is filled with, ours or from the user's own sheets."""
