"""From untrusted JSON to the values of bidding: every fault found, with its JSON pointer."""
