"""Identity: how people and places are kept and matched without being shown."""
