"""Telling watchers at once what happened: one listening connection a process, its news fanned out inside."""
