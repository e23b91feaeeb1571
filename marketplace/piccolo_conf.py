"""What Piccolo looks for by the variable PICCOLO_CONF: the engine and the apps. Importing it connects to nothing."""

from __future__ import annotations

from piccolo.conf.apps import AppRegistry

from marketplace.migrate import APPS
from marketplace.piccolo_engine import ENGINE

DB = ENGINE
APP_REGISTRY = AppRegistry(apps=[f"{app}.piccolo_app" for app in APPS])
