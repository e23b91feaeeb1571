"""The record: every decisive act as an event, appended once, never changed."""
