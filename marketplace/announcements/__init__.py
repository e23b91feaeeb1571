"""Announcements (公告): what the operator says to everybody, for a time."""
