"""办事指南: the guides, role by role, and the pictures of the site that they show."""
