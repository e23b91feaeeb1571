"""Reference data that is kept by hand (基础数据): nothing is decided by it, and nothing proves anything by it."""
