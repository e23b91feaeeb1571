"""What was played, as tables for a terminal of a hundred columns; nothing here acts on the market."""
