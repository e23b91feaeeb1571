"""Identity providers as the settings name them."""

from __future__ import annotations

import pytest

from commons.errors import Malformed
from marketplace.settings import IdentityProvider, Settings

ISSUER = "https://id.example/oidc"


def test_a_provider_is_read_with_its_claim_and_title_and_its_secret_is_not_shown() -> None:
    text = f"unified={ISSUER};market;a%2Cb%3Bc;uscc=org.code;title=%E7%BB%9F%E4%B8%80, two=http://localhost:9/x;m;s"
    settings = Settings.from_environment({"OIDC_PROVIDERS": text})
    assert settings.oidc_providers == (
        IdentityProvider("unified", ISSUER, "market", "a,b;c", "统一", "org.code"),
        IdentityProvider("two", "http://localhost:9/x", "m", "s", "two", None),
    )
    assert "a,b;c" not in repr(settings)


@pytest.mark.parametrize(
    "value",
    [
        f"unified={ISSUER}",
        f"unified={ISSUER};market",
        f"unified={ISSUER};market;secret;claim=x",
        f"unified={ISSUER}?a=b;market;secret",
        f"Unified={ISSUER};market;secret",
        "unified=http://id.example;market;secret",
        "unified=http://localhost.evil.example;market;secret",
        "unified=http://127.0.0.1@evil.example;market;secret",
        f"unified={ISSUER};market;secret,unified={ISSUER};market;secret",
    ],
)
def test_a_provider_that_cannot_be_read_stops_the_start_without_its_secret(value: str) -> None:
    with pytest.raises(Malformed) as refused:
        Settings.from_environment({"OIDC_PROVIDERS": value})
    assert {fault.pointer for fault in refused.value.faults} == {"/OIDC_PROVIDERS"}
    assert "secret" not in refused.value.faults[0].detail.lower().replace("client;secret", "")
