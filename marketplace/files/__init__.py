"""Where the bytes of files are kept: on disk or in S3-compatible storage, behind one port."""
