"""For each rule: files that break it, and files so near that only a careless rule would report them.

A row is (rule, path, text, whether it is a breach). Words that the rules over all files would find here too are put
together from halves.
"""

from __future__ import annotations

from tests.tidy import rules_code as code
from tests.tidy import rules_house as house
from tests.tidy import rules_pure as pure
from tests.tidy import rules_shape as shape
from tests.tidy.tree import Rule

DOC = '"""Planted."""\n'
ROOM = "bidding/planted.py"
STORE = "bidding/store.py"
CASE = "marketplace/usecases/planted.py"
PAGE = "marketplace/web/planted.py"
TEST = "tests/unit/test_planted.py"
HOST = "pypi" + ".org"
LONG = "x = 1\n"

Row = tuple[Rule, str, str, bool]

PURE: list[Row] = [
    (pure.clock, ROOM, "at = datetime.now(UTC)", True),
    (pure.clock, ROOM, "day = date.today()", True),
    (pure.clock, CASE, "at = datetime.datetime.utcnow()", True),
    (pure.clock, STORE, "at = datetime.now(UTC)", True),
    (pure.clock, ROOM, "def settle(*, at: datetime) -> datetime:\n    return at", False),
    (pure.clock, PAGE, "at = datetime.now(UTC)", False),
    (pure.clock, ROOM, "knows = page.now\ntext = 'datetime.now()'", False),
    (pure.chance, ROOM, "from random import shuffle", True),
    (pure.chance, ROOM, "def draw():\n    import secrets", True),
    (pure.chance, ROOM, "key = uuid.uuid4()", True),
    (pure.chance, "marketplace/demands/planted.py", "key = uuid4()", True),
    (pure.chance, CASE, "key = uuid4()", False),
    (pure.chance, ROOM, "from uuid import UUID\nkey = UUID(text)", False),
    (pure.waiting, ROOM, "async def place() -> None: ...", True),
    (pure.waiting, "marketplace/contracts/planted.py", "async def place() -> None: ...", True),
    (pure.waiting, "marketplace/publication/verify.py", "async def place() -> None: ...", True),
    (pure.waiting, STORE, "async def place() -> None: ...", False),
    (pure.files, ROOM, "with open(path) as file: ...", True),
    (pure.files, ROOM, "text = path.read_text()", True),
    (pure.files, "credit/planted.py", "from importlib import resources\npath.write_text('')", True),
    (pure.files, "credit/planted.py", "from importlib import resources\ntext = path.read_text()", False),
    (pure.files, ROOM, "window.open(selection)", False),
    (pure.libraries, ROOM, "import pydantic", True),
    (pure.libraries, "commons/money.py", "import stdnum", True),
    (pure.libraries, "commons/codes.py", "from stdnum.cn import uscc", False),
    (pure.libraries, ROOM, "import json\nfrom commons.money import Money", False),
    (pure.libraries, STORE, "import asyncpg", False),
]

CODE: list[Row] = [
    (code.float_money, ROOM, "share = 0.5", True),
    (code.float_money, "credit/planted.py", "points = float(text)", True),
    (code.float_money, "commons/planted.py", "def cut(by: float | None) -> int: ...", True),
    (code.float_money, PAGE, "shown = price_fen / 1e6", True),
    (code.float_money, PAGE, "Money(fen=float(text))", True),
    (code.float_money, PAGE, "shown = float(offer.price_fen)", True),
    (code.float_money, PAGE, "price_fen: float = compute()", True),
    (code.float_money, ROOM, "refused = isinstance(value, float)", False),
    (code.float_money, PAGE, "width = 0.5 * step\nshown = price_fen // 100", False),
    (code.dynamic_sql, STORE, 'query = f"SELECT * FROM offer WHERE id = {id}"', True),
    (code.dynamic_sql, STORE, 'query = f"select id from offer where id = {id}"', True),
    (code.dynamic_sql, STORE, 'query = "SELECT * FROM offer WHERE id = %s" % id', True),
    (code.dynamic_sql, STORE, 'query = "DELETE FROM {}".format(table)', True),
    (code.dynamic_sql, STORE, 'query = "INSERT INTO offer " + values', True),
    (code.dynamic_sql, PAGE, 'rows = await db.fetch("WITH open AS (SELECT 1) " f"{rest}")', True),
    (code.dynamic_sql, STORE, 'await db.execute(f"{verb} something")', True),
    (code.dynamic_sql, STORE, 'await db.execute(" AND ".join(parts))', True),
    (code.dynamic_sql, STORE, 'Offer.raw(f"{query} LIMIT 1")', True),
    (code.dynamic_sql, TEST, 'query = f"TRUNCATE {table}"', True),
    (code.dynamic_sql, STORE, 'query = f"CREATE DATABASE {name}"', True),
    (code.dynamic_sql, TEST, 'query = f"CREATE DATABASE {name}"', False),
    (code.dynamic_sql, STORE, 'await db.fetch("SELECT id FROM offer " "WHERE id = $1", id)', False),
    (code.dynamic_sql, STORE, 'await db.fetch("SELECT id " + "FROM offer")', False),
    (code.dynamic_sql, STORE, "await db.fetch(_COLUMNS + tail, id)", True),
    (code.dynamic_sql, STORE, "await db.fetch(QUERY, id)", False),
    (code.dynamic_sql, STORE, "await db.fetch(_COLUMNS + ' WHERE id = $1', id)", False),
    (code.dynamic_sql, PAGE, 'words = f"With {count} offers, select one from below"', False),
    (code.dynamic_sql, PAGE, 'words = f"Update of {name}"\nmore = "Create " + name', False),
    (code.sql_clock, STORE, 'QUERY = "SELECT now()"', True),
    (code.sql_clock, STORE, 'QUERY = "UPDATE offer SET at = CURRENT_TIMESTAMP"', True),
    (code.sql_clock, STORE, 'QUERY = "SELECT clock_timestamp()"', False),
    (code.sql_clock, STORE, '"""Never now(): select the clock after the lock."""', False),
    (code.broad_except, ROOM, "try: ...\nexcept Exception: pass", True),
    (code.broad_except, PAGE, "try: ...\nexcept: pass", True),
    (code.broad_except, CASE, "try: ...\nexcept (ValueError, BaseException) as e: log(e)", True),
    (code.broad_except, CASE, "try: ...\nexcept BaseException:\n    undo()\n    raise", False),
    (code.broad_except, "marketplace/web/errors.py", "try: ...\nexcept Exception: pass", False),
    (code.broad_except, "marketplace/jobs/ticker.py", "try: ...\nexcept Exception: pass", False),
    (code.broad_except, PAGE, "try: ...\nexcept (ValueError, KeyError): pass", False),
    (code.environment, PAGE, "url = os.environ['DATABASE_URL']", True),
    (code.environment, "commons/planted.py", "url = os.getenv('DATABASE_URL')", True),
    (code.environment, CASE, "from os import environ", True),
    (code.environment, "marketplace/settings.py", "url = os.environ['DATABASE_URL']", False),
    (code.environment, TEST, "url = os.environ['DATABASE_URL']", False),
    (code.lookup_by_name, PAGE, "globals()['on_' + kind]()", True),
    (code.lookup_by_name, PAGE, "HANDLERS[kind]()", False),
    (code.reasoned_ignores, PAGE, "x = 1  # no" + "qa", True),
    (code.reasoned_ignores, PAGE, "x = 1  # no" + "qa: S608", True),
    (code.reasoned_ignores, PAGE, "x = 1  # type" + ": ignore", True),
    (code.reasoned_ignores, PAGE, "x = 1  # type" + ": ignore[arg-type]", True),
    (code.reasoned_ignores, PAGE, "x = 1  # no" + "qa: S608 - a constant of this file", False),
    (code.reasoned_ignores, PAGE, "x = 1  # type" + ": ignore[arg-type]  # the library is wrong here", False),
]

SHAPE: list[Row] = [
    (shape.file_length, ROOM, LONG * 401, True),
    (shape.file_length, "run", LONG * 401, True),
    (shape.file_length, ROOM, LONG * 400, False),
    (shape.file_length, "migrations/bidding/first.py", LONG * 401, False),
    (shape.file_length, "marketplace/web/static/style.css", LONG * 401, False),
    (shape.function_length, ROOM, "def rule():\n" + "    x = 1\n" * 60, True),
    (shape.function_length, STORE, "class Store:\n    async def save(self):\n" + "        x = 1\n" * 60, True),
    (shape.function_length, ROOM, "def rule():\n" + "    x = 1\n" * 59, False),
    (shape.template_length, "marketplace/web/templates/home.html", "<p></p>\n" * 151, True),
    (shape.template_length, "marketplace/web/templates/home.html", "<p></p>\n" * 150, False),
    (shape.bare_init, "bidding/__init__.py", DOC + "from bidding import engine\n", True),
    (shape.bare_init, "bidding/__init__.py", DOC, False),
    (shape.module_docstring, ROOM, "x = 1\n", True),
    (shape.module_docstring, ROOM, DOC, False),
    (shape.module_docstring, TEST, "x = 1\n", False),
    (shape.module_name, "bidding/utils.py", DOC, True),
    (shape.module_name, "marketplace/helpers/text.py", DOC, True),
    (shape.module_name, "bidding/information.py", DOC, False),
    (shape.test_sentence, TEST, "def test_money(): ...", True),
    (shape.test_sentence, TEST, "def test_money_adds_up(): ...", False),
    (shape.stable_codes, ROOM, "Reason('Too-Late', SOURCE)", True),
    (shape.stable_codes, ROOM, "Reason(code='tooLate', source=SOURCE)", True),
    (shape.stable_codes, ROOM, "Draft(id=key, type='Offer Placed', data={})", True),
    (shape.stable_codes, ROOM, "Reason('too_late', SOURCE)\nDraft(key, 'offer.placed', {})", False),
]

HOUSE: list[Row] = [
    (house.machine_path, "docs/start.md", "open /" + "root/x", True),
    (house.machine_path, PAGE, 'PATH = "/' + 'home/me/data"', True),
    (house.machine_path, "docs/start.md", "open docs/work/x, see marketplace/web/home/x", False),
    (house.registry_host, "README.md", f"see https://{HOST}/project/x", True),
    (house.registry_host, "pyproject.toml", "index" + '-url = "x"', True),
    (house.registry_host, "README.md", "pip install, npm ci", False),
    (house.lock_without_addresses, "package-lock.json", '{"packages": {"x": {"resolved": "y"}}}', True),
    (house.lock_without_addresses, "package-lock.json", '{"dependencies": {"x": {"resolved": "y"}}}', True),
    (house.lock_without_addresses, "package-lock.json", '{"packages": {"x": {"integrity": "y"}}}', False),
    (house.lock_without_addresses, "constraints.txt", "-e .\n", True),
    (house.lock_without_addresses, "constraints.txt", "rich @ https://example.invalid/rich.whl\n", True),
    (house.lock_without_addresses, "constraints.txt", "# pins\nrich==15.0.0\n", False),
    (house.clean_text, "docs/start.md", "a line \n", True),
    (house.clean_text, "docs/start.md", "a line\r\n", True),
    (house.clean_text, "docs/start.md", "no end", True),
    (house.clean_text, "docs/start.md", "two ends\n\n", True),
    (house.clean_text, "docs/start.md", "\ufeffa mark\n", True),
    (house.clean_text, "docs/start.md", "not utf-8: \ufffd\n", True),
    (house.clean_text, "docs/start.md", "a line\n\n  indented\n", False),
    (house.clean_text, "tests/cases/case.json", '{"v": 1}', False),
    (house.clean_text, "commons/data/regions.csv", "code,name\r\n", False),
]

ROWS: list[Row] = [*PURE, *CODE, *SHAPE, *HOUSE]
