#!/bin/sh
# One backup, checked byte for byte; then backups older than KEEP_DAYS are removed, but never the one just made.
# PYTHON, BACKUPS and the market's settings come from the environment. Exit status: that of the first thing that failed.
set -eu

: "${PYTHON:?the interpreter of the market}" "${BACKUPS:?the folder of the backups}"
made=$BACKUPS/market-$(date -u +%Y%m%dT%H%M%SZ)
"$PYTHON" -m marketplace backup "$made"
(cd "$made" && sha256sum --check --quiet SHA256SUMS)
find "$BACKUPS" -mindepth 1 -maxdepth 1 -type d -name 'market-[0-9]*T[0-9]*Z' -mtime "+${KEEP_DAYS:-30}" \
    ! -path "$made" -exec rm -rf {} +
