"""What an operator types on the machine itself: one file for each command."""
