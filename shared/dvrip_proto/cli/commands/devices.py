"""`dvrip devices`: the devices that have names."""

from __future__ import annotations

from .. import book, output
from ..exit_codes import ExitCode, complain, run
from ..login import JSON

_SECRETS = {"password_file": "file", "password_env": "variable", "password_command": "command"}


def list_devices(json: JSON = False) -> None:
    """List the devices that have names: `dvrip info gate` in place of an address.

    They stand in devices.toml in the folder dvrip of your configuration (~/.config, %APPDATA%), or where
    DVRIP_DEVICES says:

    \b
    [gate]
    host = "192.168.1.10"             # port, user, encryption, channel besides
    password_file = "gate.password"   # or password_env, or password_command = ["pass", "show", "gate"]
    """  # noqa: D301 - the mark of a paragraph that stays as it is
    run(_list(json=json), json=json)


async def _list(*, json: bool) -> ExitCode:
    named = book.devices()
    if json:
        output.as_json([_entry(each) for each in named.values()])
    elif named:
        output.table(
            ("NAME", "ADDRESS", "CHANNEL", "ENCRYPTION", "PASSWORD"),
            [
                (
                    each.name,
                    each.address,
                    each.channel,
                    each.encryption,
                    each.secret and _SECRETS[each.secret[0]],
                )
                for each in named.values()
            ],
        )
    else:
        complain(f"{book.path()}: no device has a name yet; see dvrip devices --help")
    return ExitCode.DONE


def _entry(named: book.Named) -> dict[str, object]:
    return {
        "name": named.name,
        "host": named.address.host,
        "port": named.address.port,
        "user": named.address.user or None,
        "channel": named.channel,
        "encryption": named.encryption,
        "password": named.secret and _SECRETS[named.secret[0]],
    }
