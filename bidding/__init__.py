"""The bidding engine and its selections; knows nothing of agencies or credit."""
