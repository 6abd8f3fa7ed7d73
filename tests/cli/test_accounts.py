"""Accounts and groups from the command line: changed, proved, and nobody locked out."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest

from dvrip_proto import Device
from dvrip_proto.simulator import Simulator

from .conftest import PASSWORD, Dvrip

NEW = "n3w word"


@pytest.fixture
def new_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVRIP_NEW_PASSWORD", NEW)


def _names(device: Simulator) -> set[str]:
    return set(device.state.users)


async def test_an_account_comes_changes_and_goes(
    dvrip: Dvrip, device: Simulator, at: str, new_password: None
) -> None:
    words = ("viewer", "--group", "user", "--authority", "Monitor_01")
    dry = await dvrip("users", "add", at, *words, "--dry-run")
    assert (dry.code, dry.out.splitlines()[-1]) == (0, "not written")
    assert "viewer" not in _names(device)
    added = await dvrip("users", "add", at, *words, "--json")
    assert (added.code, added.json["written"]) == (0, True)
    assert NEW not in added.out + added.err
    async with Device(device.host, device.port, username="viewer", password=NEW) as viewer:
        assert viewer.login_reply.channel_count == 4
    again = await dvrip("users", "add", at, *words)
    assert (again.code, again.err) == (
        2,
        f"dvrip: {at}: user viewer is there already: see modify and password\n",
    )
    modified = await dvrip(
        "users", "modify", at, "viewer", "--authority", "Monitor_01", "--authority", "Replay_02"
    )
    assert "AuthorityList  Monitor_01  Monitor_01, Replay_02" in modified.out
    removed = await dvrip("users", "remove", at, "viewer")
    assert (removed.code, "give --yes" in removed.err) == (2, True)
    assert "viewer" in _names(device)
    assert (await dvrip("users", "remove", at, "viewer", "--yes")).code == 0
    assert "viewer" not in _names(device)
    nothing = await dvrip("users", "remove", at, "viewer")
    assert (nothing.code, nothing.out) == (0, "nothing differs\n")


async def test_a_password_is_changed_and_proved(
    dvrip: Dvrip, device: Simulator, at: str, tmp_path: Path
) -> None:
    file = tmp_path / "new"
    file.write_text(f"{NEW}\n")
    changed = await dvrip("users", "password", at, "admin", "--new-password-file", file)
    assert (changed.code, changed.out) == (0, "admin: has the new password\n")
    assert (await dvrip("info", at)).code == 3
    assert (await dvrip("info", at, password=NEW)).code == 0
    again = await dvrip("users", "password", at, "admin", "--new-password-file", file, "--json", password=NEW)
    assert again.json == {"name": "admin", "changed": False}


async def test_a_new_password_must_come_from_somewhere(dvrip: Dvrip, at: str) -> None:
    shown = await dvrip("users", "password", at, "admin")
    assert (shown.code, shown.err) == (
        2,
        "dvrip: no new password: set DVRIP_NEW_PASSWORD or give --new-password-file\n",
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("users", "remove", "{at}", "admin", "--yes"), "user admin is the account in use here"),
        (("users", "modify", "{at}", "admin", "--authority", "Monitor_01"), "it would lose Account"),
        (("users", "modify", "{at}", "nobody", "--memo", "x"), "there is no user nobody"),
        (("users", "add", "{at}", "x", "--group", "none"), "there is no group none, there are: admin, user"),
        (("users", "add", "{at}", "x", "--group", "user", "--authority", "Fly"), "knows no authority Fly"),
        (("users", "add", "{at}", "x", "--group", "user", "--authority", "Account"), "beyond the group user"),
        (("groups", "remove", "{at}", "admin", "--yes"), "group admin still has users: admin"),
        (("groups", "modify", "{at}", "nobody"), "there is no group nobody"),
        (("groups", "add", "{at}", "user"), "group user is there already"),
    ],
)
async def test_what_would_lock_somebody_out_is_refused(
    dvrip: Dvrip, device: Simulator, at: str, words: tuple[str, ...], text: str, new_password: None
) -> None:
    before = deepcopy((device.state.users, device.state.groups))
    shown = await dvrip(*(word.format(at=at) for word in words))
    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith(f"dvrip: {at}: ")
    assert text in shown.err
    assert (device.state.users, device.state.groups) == before


async def test_a_group_comes_and_goes(dvrip: Dvrip, device: Simulator, at: str) -> None:
    known = (await dvrip("groups", "authorities", at, "--json")).json
    assert {"Monitor_01", "Account"} <= set(known)
    assert (await dvrip("groups", "authorities", at)).out.split() == known
    assert (
        await dvrip("groups", "add", at, "guards", "--authority", "Monitor_01", "--memo", "night")
    ).code == 0
    listed = await dvrip("groups", at)
    assert "guards  1            night" in listed.out
    assert (await dvrip("groups", "modify", at, "guards", "--memo", "day", "--json")).json["changed"]
    assert (await dvrip("groups", "remove", at, "guards", "--yes")).code == 0
    assert set(device.state.groups) == {"admin", "user"}


async def test_the_list_needs_no_word(dvrip: Dvrip, at: str) -> None:
    assert (await dvrip("users", at, "--json")).json == (await dvrip("users", "list", at, "--json")).json
    assert (await dvrip("users", "--json", at)).json[0]["name"] == "admin"
    assert (await dvrip("groups", "--user", "admin", at)).code == 0
    help_text = (await dvrip("users", "--help")).out
    assert all(word in help_text for word in ("list", "add", "modify", "password", "remove"))
    assert PASSWORD not in help_text
