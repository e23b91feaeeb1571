"""The selection modes, one file each: from a case to a decision."""
