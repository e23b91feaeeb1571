"""Excel sheets (表格): templates for the user's own agencies and demands, and reading them all or not at all."""
