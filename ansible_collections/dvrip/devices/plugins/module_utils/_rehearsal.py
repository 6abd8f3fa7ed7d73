# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""A module run a few times in the parent of the workers, against a device that is made of canned answers.

Ansible forks a process for every host and task. What code does when it runs for the first time (import, compile,
specialize, fill caches) each of them would do again for its one task: a quarter of what a task costs. Nothing leaves
this process: the device is the other end of a pair of sockets.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import socket
import struct
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._module import How, ModuleSpec
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result
from ansible_collections.dvrip.devices.plugins.module_utils._secrets import (
    censor,
    open_leaves,
    secret_strings,
)
from ansible_collections.dvrip.devices.plugins.module_utils._session import Sessions

_TIMES = 4  # after so many runs the interpreter has specialized what runs often
_HEADER = struct.Struct("<BBBBIIBBHI")
_LOGIN = {"AliveInterval": 20, "ChannelNum": 1, "DeviceType ": "IPC"}
_RIGHTS = ["Account", "Monitor_01"]
_ADMIN = {"Name": "admin", "Group": "admin", "Memo": "", "Sharable": True, "Reserved": True}
_GUARD = {"Name": "guard", "Group": "admin", "Memo": "", "Sharable": True, "Reserved": False}
_EMPTY = "tlJwpbo6"  # hash of the empty password
_ANSWERS: dict[int, Result] = {
    1000: _LOGIN,
    1470: {"AuthorityList": _RIGHTS},
    1472: {"Users": [{**user, "AuthorityList": _RIGHTS, "Password": _EMPTY} for user in (_ADMIN, _GUARD)]},
    1474: {"Groups": [{"Name": "admin", "Memo": "", "AuthorityList": _RIGHTS}]},
}
_OBJECTS: Result = {
    "General.General": {"MachineName": "gate", "OverWrite": "OverWrite"},
    "System.TimeZone": {"timeMin": 0},
    "NetWork.NetNTP": {"Enable": True, "Server": {"Name": "gate"}, "UpdatePeriod": 10},
}
_CONFIG_GET, _ABSENT = 1042, 607


class _Device(asyncio.Protocol):
    """Answers each request at once."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._read = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = t.cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while len(self._read) >= _HEADER.size:
            fields = _HEADER.unpack_from(self._read)
            end = _HEADER.size + fields[-1]
            if len(self._read) < end or self._transport is None:
                return
            asked = json.loads(self._read[_HEADER.size : end].rstrip(b"\n\0"))
            del self._read[:end]
            body = json.dumps(_answer(fields[-2], asked.get("Name", ""))).encode() + b"\n\0"
            self._transport.write(_HEADER.pack(*fields[:-2], fields[-2] + 1, len(body)) + body)


def _answer(message_id: int, name: str) -> Result:
    ret, body = 100, _ANSWERS.get(message_id, {})
    if message_id == _CONFIG_GET:
        ret, body = (100, {name: _OBJECTS[name]}) if name in _OBJECTS else (_ABSENT, {})
    return {"Name": name, "Ret": ret, "SessionID": "0x00000001", **body}


class _Loop(asyncio.SelectorEventLoop):
    """A loop on which every connection leads to the device of canned answers."""

    async def create_connection(  # type: ignore[override]  # of its many forms the library uses this one
        self, protocol_factory: t.Callable[[], asyncio.BaseProtocol], *_where: t.Any, **_how: t.Any
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        ours, theirs = socket.socketpair()
        await super().create_connection(_Device, sock=theirs)
        return await super().create_connection(protocol_factory, sock=ours)


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def rehearse(spec: ModuleSpec) -> Result:
    """Run the module on the wish that it has for this.

    Nothing in a worker, where it comes too late, nor within somebody's event loop.
    """
    result: Result = {}
    if multiprocessing.parent_process() is not None or _in_a_loop():
        return result
    with contextlib.suppress(OSError):  # no sockets to be had: then every worker begins anew
        for _dummy in range(_TIMES):
            wish = {**spec.rehearsal, "host": "192.0.2.1", "login_password": ""}
            options = spec.validate(wish).validated_parameters
            with Sessions(_Loop) as sessions:
                result = spec.run(sessions, options, How(name="gate", diff=True))
            secrets = secret_strings(["gate"], open_leaves(options, spec.argument_spec))
            result = censor(result, secrets - {"gate"})
    return result
