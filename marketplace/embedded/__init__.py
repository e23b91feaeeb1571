"""A PostgreSQL server of our own over the binaries of a wheel: server.py is the door, keeper.py the child process."""
