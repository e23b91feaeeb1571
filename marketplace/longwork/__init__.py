"""Long work (批量任务): imports, exports and verifications that take longer than a request, done step by step."""
