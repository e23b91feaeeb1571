"""``python -m tests.wheel [--demo]``: the built wheel, installed in an empty environment without node, serves the site.

It builds the wheel from what is committed, in a folder of its own; installs it with the pinned versions into a new
virtual environment; runs there, with a path on which there is no node, ``demo`` (with ``--demo``: half a minute) and
``serve``; fetches a page, every static file that pages name, the reader of the API and a paper; and prints the size.
Exit 0 when all of it is there. It takes minutes, so it is a command and no test.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 900
READY = re.compile(r"http://127\.0\.0\.1:\d+")
STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
TOOLS = ("sh", "env", "uname", "id", "getent", "ldconfig", "gcc", "ld", "objdump")
"""What an empty machine has, without node: locale and library look-ups of Python ask for some of them."""


def say(words: str) -> None:
    """Tell how far it is."""
    print(words, flush=True)


def run(*command: str | Path, cwd: Path, environment: dict[str, str] | None = None) -> None:
    """Run a command to its end; an error shows the last of what it said."""
    done = subprocess.run(
        [str(one) for one in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        message = f"{command[:4]} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}"
        raise RuntimeError(message)


def build(folder: Path) -> Path:
    """The wheel of what is committed."""
    source = folder / "source"
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=PROJECT, capture_output=True, check=True)
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as packed:
        packed.extractall(source, filter="data")
    environment = {**os.environ, "REQUIRE_ASSETS": "true", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", folder, source, cwd=folder, environment=environment)
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel in it; its Python."""
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "-c", PROJECT / "constraints.txt", wheel, cwd=folder)
    return python


def without_node(folder: Path) -> dict[str, str]:
    """An environment on whose path there is no node, with a data folder of its own."""
    tools = folder / "bin"
    tools.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (tools / name).symlink_to(found)
    kept = {key: value for key, value in os.environ.items() if key in {"HOME", "LANG", "LC_ALL", "TMPDIR"}}
    made = {**kept, "PATH": str(tools), "DATA_DIR": str(folder / "data"), "PYTHONUTF8": "1"}
    assert shutil.which("node", path=made["PATH"]) is None, "no node here"
    return made


def taken(address: str) -> bytes:
    """The body of an answer, which must be there."""
    request = Request(address, headers={"Accept-Encoding": "identity"})
    with urlopen(request, timeout=PATIENCE_S) as answered:
        body: bytes = answered.read()
        return body


def look(site: str) -> list[str]:
    """Fetch what a browser would, and a paper; what was fetched, in words."""
    pages = {path: taken(f"{site}{path}").decode() for path in ("/", "/demands", "/api/docs", "/rules")}
    names = sorted({name for page in pages.values() for name in STATIC.findall(page)})
    told = []
    for name in names:
        body = taken(f"{site}{name}")
        assert sha256(body).hexdigest()[:12] in name, f"{name} is not what its name says"
        told.append(f"{name}  {len(body):,} bytes")
    assert any("swagger-ui" in one for one in names), "the reader of the API is there"
    assert b"htmx" in taken(f"{site}{next(one for one in names if '/js/site' in one)}"), "htmx is in the script"
    demand = re.search(r'href="(/demands/D[^"]+)"', pages["/demands"])
    assert demand is not None, "the site is seeded"
    paper = taken(f"{site}{demand[1]}/notice.pdf")
    assert paper.startswith(b"%PDF-"), "a paper is set with the font that came along"
    return [*told, f"{demand[1]}/notice.pdf  {len(paper):,} bytes"]


def serve(python: Path, folder: Path, environment: dict[str, str]) -> list[str]:
    """Run the site, look at it, end it."""
    command = [str(python), "-m", "marketplace", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as site:
        said = []
        try:
            assert site.stdout is not None, "a pipe"
            for line in site.stdout:
                said.append(line)
                if found := READY.search(line):
                    return look(found[0])
            message = f"the site did not start:\n{''.join(said)}"
            raise RuntimeError(message)
        finally:
            site.send_signal(signal.SIGINT)
            site.wait(timeout=60)


def main(arguments: list[str] | None = None) -> int:
    """Build, install, run, look; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.wheel", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="play the demonstration too")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="shepi-wheel-") as name:
        folder, began = Path(name), time.monotonic()
        wheel = build(folder)
        with zipfile.ZipFile(wheel) as packed:
            borrowed = sum(one.compress_size for one in packed.infolist() if "/vendor/" in one.filename)
        size = wheel.stat().st_size
        say(f"{wheel.name}: {size / 1e6:.1f} MB, of it third-party files {borrowed / 1e6:.1f} MB")
        python = install(wheel, folder)
        say(f"installed after {time.monotonic() - began:.0f} s")
        environment = without_node(folder)
        if chosen.demo:
            run(python, "-m", "marketplace", "demo", cwd=folder, environment=environment)
            say(f"demo played after {time.monotonic() - began:.0f} s")
        for line in serve(python, folder, environment):
            say(f"  {line}")
        say(f"served and fetched after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
