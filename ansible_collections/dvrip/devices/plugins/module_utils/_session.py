# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Device sessions that outlive one call: all items of a loop share one login."""

from __future__ import annotations

import asyncio
import contextlib
import time
import typing as t
from dataclasses import replace

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import (
    REFUSALS_MAX,
    WRONG_PASSWORD,
    Endpoint,
)
from ansible_collections.dvrip.devices.plugins.module_utils._failure import failure
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._memory import REFUSALS_S, Memory
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result
from ansible_collections.dvrip.devices.plugins.module_utils._texts import untyped
from ansible_collections.dvrip.devices.plugins.module_utils._turn import turn

# What an endpoint answered last, and when. Ansible forks a process for every host and task, so this is the memory of
# one task on one host: a loop must not try a wrong password once an item (devices lock accounts), nor wait for a
# silent device once an item.
_failures: dict[Endpoint, tuple[float, dvrip_proto.DvripError]] = {}
_SAME_MOMENT_S = 1.0


def quiet(_text: str) -> None:
    """Tell nobody."""


class Session:
    """The one logged-in device behind an endpoint: opened on first use, and again after it was lost."""

    def __init__(self, endpoint: Endpoint, folder: str | None = None) -> None:
        self.endpoint = endpoint
        self.memory = Memory(folder, str(endpoint))
        # For the report of a failure: what the device took over in this call before it, and what was sent
        # and never answered.
        self.written: list[str] = []
        self.uncertain: list[str] = []
        self.new_password: str | None = None  # of the account in use, while it is being changed
        self.phase = ""  # of something that takes long, for the report of a failure in it
        self.moves_to: dict[str, t.Any] = {}  # where the device is after its restart
        self.accounts_go = False  # whether a login that is refused from here on is what was asked for
        self.lost = ""  # where to look for the device when it is gone
        self.tell: t.Callable[[str], None] = quiet
        self._device: dvrip_proto.Device | None = None
        self._used_at = 0.0

    def login_after(self) -> dict[str, t.Any]:
        """Whose password let in, where the accounts were set back before."""
        if not self.accounts_go:
            return {}
        return {"login": "new" if self.endpoint.password == self.new_password else "old"}

    def say(self, text: str) -> None:
        """Tell somebody who watches what goes on."""
        self.tell(f"{self.endpoint}: {text}")

    @contextlib.contextmanager
    def in_doubt(self, label: str) -> t.Iterator[None]:
        """What goes on inside is written when it ends well, not when the device says no, and uncertain otherwise."""
        self.uncertain.append(label)
        try:
            yield
        except (dvrip_proto.RequestError, dvrip_proto.UsageError):
            self.uncertain.remove(label)
            raise
        self.uncertain.remove(label)
        self.written.append(label)

    async def device(self) -> dvrip_proto.Device:
        """The device, logged in."""
        if self._device is not None and await self._is_stale(self._device):
            await self.close()
        if self._device is None:
            _raise_known_failure(self.endpoint)
            asked = self.endpoint
            try:
                self._device = await self._open_with_candidates()
            except dvrip_proto.DvripError as error:
                _failures[asked] = (time.monotonic(), error)
                raise
        self._used_at = time.monotonic()
        return self._device

    async def reopen(
        self,
        *,
        within_s: float,
        accept: t.Callable[[dvrip_proto.Device], t.Awaitable[bool]] | None = None,
        **changes: t.Any,
    ) -> dvrip_proto.Device:
        """The device after it restarted or moved (`changes` to the endpoint): logs in until `accept` likes what it finds.

        TransportError when that took longer than `within_s`; wrong credentials end the wait at once.
        """
        await self.close()
        self.endpoint = replace(self.endpoint, **changes)
        ends_at = time.monotonic() + within_s
        pause_s = 0.25
        while True:
            try:
                left_s = max(1.0, ends_at - time.monotonic())
                known = self._used_at > 0  # which password is right
                device = await (self._open(left_s) if known else self._open_with_candidates(left_s))
                if accept is None or await _accepted(device, accept):
                    self._device, self._used_at = device, time.monotonic()
                    return device
                reason = "it still answers as before"
            except (dvrip_proto.AuthenticationError, dvrip_proto.UnsupportedError):
                raise
            except (dvrip_proto.TransportError, dvrip_proto.RequestError) as error:
                reason = str(error)
            if time.monotonic() + pause_s > ends_at:
                raise dvrip_proto.TransportError(f"{self.endpoint}: not back within {within_s:g} s: {reason}")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, 5.0)

    async def close(self) -> None:
        """Log out; never raises."""
        device, self._device = self._device, None
        if device is not None:
            await device.close()

    async def _open_with_candidates(self, timeout_s: float | None = None) -> dvrip_proto.Device:
        """Log in with the passwords that the account may have, but never so often that the device locks it."""
        one = self.endpoint
        if not one.candidates:
            return await self._open_with_the_one(one, timeout_s)
        async with turn(self.memory.turn, one.timeout_s * (1 + REFUSALS_MAX)):
            try:
                return await self._open_with_one_of(one, timeout_s)
            except BaseException:
                self.endpoint = one  # which is not the last password that was tried
                raise

    async def _open_with_the_one(self, one: Endpoint, timeout_s: float | None) -> dvrip_proto.Device:
        """Log in with the only password, unless it was refused too often: a play that ignores errors has many tasks."""
        if self.memory.was_refused(one.username, one.password):
            self._spare_the_account(one.username, "this one is not tried again")
        try:
            device = await self._open(timeout_s)
        except dvrip_proto.AuthenticationError as error:
            if error.ret in WRONG_PASSWORD:
                self.memory.add_refusal(one.username, one.password)
                if why := untyped(one.password):
                    error.args = (f"{error}; {why}",)
            raise
        self.memory.forgive(one.username)
        return device

    async def _open_with_one_of(self, one: Endpoint, timeout_s: float | None) -> dvrip_proto.Device:
        username = one.username
        passwords = (one.password, *one.candidates)
        # A login of this session that was lost: the password that it had then is right, or was made so since.
        again = self._used_at > 0
        first = 0 if again else self.memory.place(username) % len(passwords)
        # The one that was right the last time; last of all those that an inventory or a play saw refused a moment ago.
        order = [first, *(place for place in range(len(passwords)) if place != first)]
        order.sort(key=lambda place: self.memory.was_refused(username, passwords[place]))
        refused: list[dvrip_proto.AuthenticationError] = []
        for place in order:
            self._spare_the_account(username)
            self.endpoint = replace(one, password=passwords[place])
            try:
                device = await self._open(timeout_s)
            except dvrip_proto.AuthenticationError as error:
                if error.ret not in WRONG_PASSWORD:
                    raise
                self.memory.add_refusal(username, passwords[place])
                refused.append(error)
                continue
            if again:
                self.memory.forgive(username)
            else:
                self.memory.add_login(username, place)
            if place:
                self.say(f"logged in with password {place + 1} of {len(passwords)}")
            return device
        odd = next(filter(None, map(untyped, passwords)), "")
        raise dvrip_proto.AuthenticationError(
            f"{one}: user {username}: none of the {len(passwords)} passwords is right: {refused[-1]}{odd and f'; {odd}'}",
            ret=refused[-1].ret,
        )

    def _spare_the_account(self, username: str, what: str = "no other is tried") -> None:
        refused = self.memory.refusals(username)
        if refused >= REFUSALS_MAX:
            raise dvrip_proto.AuthenticationError(
                f"{self.endpoint}: user {username}: {refused} logins were refused in the last {REFUSALS_S / 60:.0f} "
                f"minutes; {what} until then, because devices lock accounts. Where the password is right by now, "
                f"remove {self.memory.file} on the controller"
            )

    async def _open(self, timeout_s: float | None) -> dvrip_proto.Device:
        endpoint = self.endpoint
        if timeout_s is not None and timeout_s < endpoint.timeout_s:
            endpoint = replace(endpoint, timeout_s=timeout_s)
        device = endpoint.device()
        try:
            await device.open()
        except dvrip_proto.AuthenticationError as error:
            if self.new_password in (None, self.endpoint.password) or error.ret not in WRONG_PASSWORD:
                # Which account it was comes from many places, ansible.cfg among them.
                where, user = f"{self.endpoint}: ", f"user {self.endpoint.username}: "
                error.args = (str(error).replace(where, where + user, 1),)
                raise
            # Whether the change of the password was done is not known: it was.
            self.endpoint = replace(self.endpoint, password=self.new_password)
            device = replace(endpoint, password=self.new_password).device()
            await device.open()
        return device

    async def _is_stale(self, device: dvrip_proto.Device) -> bool:
        """Whether the session ended, or may have, while no call was running and nobody kept it alive."""
        # In the first step the loop reads the socket, in the second the connection hears of it.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        idle_s = time.monotonic() - self._used_at
        return device.closed or idle_s > device.login_reply.alive_interval_s / 2


class Sessions:
    """All sessions of one task on one host, on one event loop that lives between the calls."""

    def __init__(self, loop_factory: t.Callable[[], asyncio.AbstractEventLoop] | None = None) -> None:
        self._runner = asyncio.Runner(loop_factory=loop_factory)
        self._sessions: dict[Endpoint, Session] = {}

    def run(
        self,
        endpoint: Endpoint,
        work: t.Callable[[Session], t.Coroutine[t.Any, t.Any, Result]],
        *,
        folder: str | None = None,
        tell: t.Callable[[str], None] = quiet,
        always_failed: bool = False,
        skips: bool = False,
    ) -> Result:
        """What `work` returns, given the session to that endpoint; an error becomes the result that reports it."""
        session = self._sessions.setdefault(endpoint, Session(endpoint, folder))
        session.tell = tell
        session.written.clear()
        session.uncertain.clear()
        session.moves_to.clear()
        session.accounts_go, session.lost = False, ""
        session.phase = ""
        try:
            return self._runner.run(self._alone(session, work))
        except dvrip_proto.DvripError as error:
            result = failure(
                error,
                written=session.written,
                uncertain=session.uncertain,
                always_failed=always_failed,
                skips=skips,
            )
            if session.phase:
                result["failure"]["phase"] = session.phase
            return result

    async def _alone(
        self, session: Session, work: t.Callable[[Session], t.Coroutine[t.Any, t.Any, Result]]
    ) -> Result:
        """The work, after the others logged out: a loop over accounts would use up what logins a device has."""
        await _close_all(other for other in self._sessions.values() if other is not session)
        return await work(session)

    def close(self) -> None:
        """End every session and the loop."""
        sessions, self._sessions = self._sessions, {}
        try:
            if sessions:
                self._runner.run(_close_all(sessions.values()))
        finally:
            self._runner.close()

    def __enter__(self) -> t.Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


async def _accepted(
    device: dvrip_proto.Device, accept: t.Callable[[dvrip_proto.Device], t.Awaitable[bool]]
) -> bool:
    """Whether this is the device that was waited for; any other is closed."""
    accepted = False
    try:
        accepted = await accept(device)
    finally:
        if not accepted:
            await device.close()
    return accepted


async def _close_all(sessions: t.Iterable[Session]) -> None:
    for session in sessions:
        await session.close()


def _raise_known_failure(endpoint: Endpoint) -> None:
    """Repeat the error of an endpoint that refused this login, or that did not answer a moment ago."""
    if endpoint not in _failures:
        return
    failed_at, error = _failures[endpoint]
    if isinstance(error, dvrip_proto.AuthenticationError) or time.monotonic() - failed_at < _SAME_MOMENT_S:
        raise error
