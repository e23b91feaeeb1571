"""The samples of deploy/: settings that would start but for their key, a nightly backup that is checked and pruned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from marketplace.settings import VARIABLES, Mode, Settings
from tests.store.commanding import *  # noqa: F403 - pytest finds fixtures by their names here
from tests.store.commanding import Machine

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def test_the_sample_of_settings_would_start_in_production() -> None:
    lines = [one for one in (DEPLOY / "settings.env.sample").read_text("utf-8").splitlines() if not one.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    assert set(given) <= set(VARIABLES)
    settings = Settings.from_environment(given)
    assert (settings.mode, settings.trusted_proxies) == (Mode.PRODUCTION, ("127.0.0.1",))
    for name in ("shepi-market.service", "shepi-market-backup.service"):
        unit = (DEPLOY / name).read_text("utf-8")
        assert "EnvironmentFile=/etc/shepi-market/settings.env" in unit
        assert "User=shepi-market" in unit
    assert f"http://127.0.0.1:{settings.port}" in (DEPLOY / "nginx.conf.sample").read_text("utf-8")
    named = re.findall(
        r"`([a-z-]+\.(?:sh|service|sample|env\.sample|conf\.sample))`", (DEPLOY / "README.md").read_text()
    )
    assert all((DEPLOY / name).is_file() for name in named)


def test_the_nightly_backup_is_checked_and_old_ones_go(machine: Machine, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    old, kept = backups / "market-20200101T000000Z", backups / "somebody-elses"
    for folder in (old, kept):
        folder.mkdir(parents=True)
        os.utime(folder, (0, 0))
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": machine.dsn, "DATA_DIR": str(tmp_path / "data"), "PYTHONUTF8": "1",
        "PYTHON": sys.executable, "BACKUPS": str(backups),
    }  # fmt: skip

    def night() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(DEPLOY / "backup.sh")],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    done = night()
    assert done.returncode == 0, done.stderr
    assert "已备份到" in done.stdout
    assert not old.exists()
    made = [one for one in backups.iterdir() if one != kept]
    assert kept.exists()
    assert [(one / "manifest.json").is_file() for one in made] == [True]
    environment["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:9/none"
    assert night().returncode == 3
    assert made == [one for one in backups.iterdir() if one != kept]
