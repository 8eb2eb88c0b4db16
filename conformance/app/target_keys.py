"""Keys as a target file gives them: written there, or named to be taken from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from conformance import SettingsError, environment_keys, profile_keys

_WRITTEN = ("access_key", "secret_key", "session_token")


def keys_from(table: Mapping[str, Any], place: str, scheme: str) -> dict[str, Any]:
    """Keys of the table ``[auth]`` or ``[s3]``: those that it gives, or those of now and a way to renew them.

    Raises:
        SettingsError: several ways are named at once, or one that the scheme does not know.
        CredentialsError: a profile or the environment gives no keys.
    """
    written = [name for name in _WRITTEN if name in table]
    ways = [*(["access_key and secret_key"] if written else []), *(n for n in ("profile", "source") if n in table)]
    if len(ways) > 1:
        raise SettingsError(f"expected one way to the keys in [{place}] but got {len(ways)}: {' and '.join(ways)}")
    if scheme == "ncloud" and (wrong := [name for name in ("profile", "session_token") if name in table]):
        raise SettingsError(
            f"{place}.{wrong[0]} is for sigv4; NAVER Cloud's keys are access_key and secret_key, or source"
        )
    if "profile" in table or "source" in table:
        renew = profile_keys(table["profile"]) if "profile" in table else environment_keys(scheme)
        now = renew()
        return {
            "access_key": now.access_key, "secret_key": now.secret_key, "session_token": now.session_token, "renew": renew,
        }  # fmt: skip
    found = {name: secret(table[name]) for name in written}
    if found and not (found.get("access_key") and found.get("secret_key")):
        raise SettingsError(
            f"expected access_key and secret_key in [{place}] but got {' and '.join(written)} alone or empty"
        )
    return found


def secret(value: str) -> str:
    """A value, or that of the variable it names; raises SettingsError."""
    if not value.startswith("env:"):
        return value
    name = value.removeprefix("env:")
    if name not in os.environ:
        raise SettingsError(
            f"expected the variable {name} in the environment, as the target file says, but it is not set"
        )
    return os.environ[name]
