from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from commons.errors import Malformed
from marketplace.settings import PROJECT, VARIABLES, IdentityProvider, Mode, Settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment(dict.fromkeys(VARIABLES, "")) == Settings()
    assert Settings().data_dir == PROJECT / ".data"


def test_every_setting_can_be_set() -> None:
    environment = {
        "MODE": "production",
        "DATABASE_URL": "postgresql://a/b",
        "TEST_DATABASE_URL": "postgres://c/d",
        "DATA_DIR": "/数据 目录",
        "PROFILE": "demo-v1",
        "POOL_SIZE": "25",
        "PORT": "8100",
        "IDENTIFIER_KEY": "0a" * 32,
        "CREDIT_FEEDS": f"zj-credit={'0b' * 32}, line={'0c' * 32}",
        "CREDIT_RECEIVERS": "credit-platform=https://credit.example/in,line=http://127.0.0.1:9000/in",
        "FILE_STORE": "s3+http://key:secret@127.0.0.1:9000/files?region=here",
        "PUBLIC_URL": "https://market.example",
        "NEIGHBOURS": "sms=https://sms.example/api,e-seal=http://127.0.0.1:9001/",
        "NEIGHBOUR_KEYS": f"sms={'0d' * 32},e-seal={'0e' * 32}",
        "SEAL_KEY": "0f" * 32,
        "MAIL_SERVER": "smtp://user:password@mail.example:587",
        "MAIL_SENDER": "market@market.example",
        "TRUSTED_PROXIES": "127.0.0.1, 10.1.0.0/16",
        "OIDC_PROVIDERS": "zj=https://id.example;market;secret",
    }
    read = Settings.from_environment(environment)
    assert read == Settings(
        mode=Mode.PRODUCTION,
        database_url="postgresql://a/b",
        test_database_url="postgres://c/d",
        data_dir=Path("/数据 目录"),
        profile="demo-v1",
        pool_size=25,
        port=8100,
        identifier_key="0a" * 32,
        credit_feeds={"zj-credit": b"\x0b" * 32, "line": b"\x0c" * 32},
        credit_receivers={"credit-platform": "https://credit.example/in", "line": "http://127.0.0.1:9000/in"},
        file_store="s3+http://key:secret@127.0.0.1:9000/files?region=here",
        public_url="https://market.example",
        neighbours={"sms": "https://sms.example/api", "e-seal": "http://127.0.0.1:9001/"},
        neighbour_keys={"sms": b"\x0d" * 32, "e-seal": b"\x0e" * 32},
        seal_key=b"\x0f" * 32,
        mail_server="smtp://user:password@mail.example:587",
        mail_sender="market@market.example",
        trusted_proxies=("127.0.0.1", "10.1.0.0/16"),
        oidc_providers=(IdentityProvider("zj", "https://id.example", "market", "secret", "zj"),),
    )
    assert all(getattr(read, field.name) != getattr(Settings(), field.name) for field in dataclasses.fields(Settings))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODE", "Production"),
        ("NEIGHBOURS", "sms=http://sms.example/"),
        ("NEIGHBOUR_KEYS", "sms=short"),
        ("SEAL_KEY", "abc"),
        ("MAIL_SERVER", "mail.example"),
        ("MAIL_SENDER", "nobody"),
        ("TRUSTED_PROXIES", "everybody"),
        ("MODE", "prod"),
        ("DATABASE_URL", "mysql://a/b"),
        ("TEST_DATABASE_URL", "b"),
        ("POOL_SIZE", "0"),
        ("POOL_SIZE", "501"),
        ("POOL_SIZE", "1e3"),
        ("POOL_SIZE", "٣"),
        ("POOL_SIZE", "9" * 10_000),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", " 80"),
        ("IDENTIFIER_KEY", "0A" * 32),
        ("IDENTIFIER_KEY", "0a" * 31),
        ("CREDIT_FEEDS", "zj-credit"),
        ("CREDIT_FEEDS", f"zj-credit={'0b' * 31}"),
        ("CREDIT_FEEDS", f"a={'0b' * 32},a={'0c' * 32}"),
        ("CREDIT_RECEIVERS", "credit-platform=http://elsewhere.example/in"),
        ("CREDIT_RECEIVERS", "credit-platform=http://localhost.example/in"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(Malformed) as refused:
        Settings.from_environment({name: value})
    assert [fault.pointer for fault in refused.value.faults] == [f"/{name}"]


def test_production_needs_a_key_of_its_own_for_identifiers_and_its_own_address() -> None:
    with pytest.raises(Malformed) as refused:
        Settings.from_environment({"MODE": "production"})
    assert [fault.pointer for fault in refused.value.faults] == ["/IDENTIFIER_KEY", "/PUBLIC_URL"]


def test_all_wrong_values_are_named_at_once() -> None:
    with pytest.raises(Malformed) as refused:
        Settings.from_environment({"MODE": "x", "DATABASE_URL": "x", "POOL_SIZE": "x", "PORT": "x"})
    assert len(refused.value.faults) == 4


def test_every_setting_is_documented() -> None:
    text = (PROJECT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    for field in dataclasses.fields(Settings):
        assert f"| `{field.name.upper()}` | `{field.name}` |" in text
