"""A copy of everything that must not be lost: what it holds, how it lies in a folder, how its rows are read."""
