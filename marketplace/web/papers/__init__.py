"""What each paper says, in Chinese, made from the views of the pages."""
