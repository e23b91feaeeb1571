"""Values that every room shares: pure, standard library only."""
