"""Words for codes: Chinese first, English second."""
