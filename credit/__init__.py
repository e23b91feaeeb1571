"""Credit (信用): facts, score and restrictions; knows nothing of agencies or bidding."""
