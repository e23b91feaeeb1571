"""The demonstration: plays the market through the use cases, on real clocks and a real database, and prints it."""
