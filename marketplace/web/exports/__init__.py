"""Lists as Excel files: the rows of each list page, under the same filters."""
