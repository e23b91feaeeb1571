"""Attachments: which files people may add, told by their content; names, bounds and quotas; the public copy."""
