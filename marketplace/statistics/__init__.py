"""Statistics: what each published number means, and how it is computed from what happened; pure but for the store."""
