"""Sheets of demands and agencies: checked cell by cell, then loaded whole or not at all."""
