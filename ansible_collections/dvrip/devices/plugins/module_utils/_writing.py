# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Carries a proposal out: step by step, with an eye on answers that get lost and on restarts that are due."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._follow import follow, refused
from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, Step
from ansible_collections.dvrip.devices.plugins.module_utils._restart import restart
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session

REBOOT_OPTIONS: dict[str, dict[str, t.Any]] = {
    "reboot": {"type": "str", "choices": ["never", "if_needed"], "default": "never"},
    "reboot_timeout": {"type": "int", "default": 300},
}


async def carry_out(session: Session, proposal: Proposal, result: Result) -> None:
    """Write what was proposed, in order, and put into the result what came of it."""
    required = await write(session, proposal.steps)
    finished = await proposal.finish(session)
    required |= bool(result.get("reboot_required")) | bool(finished.get("reboot_required"))
    _warn(result, *finished.pop("warnings", ()))
    result |= {**finished, "reboot_required": required}


def _warn(result: Result, *texts: str) -> None:
    if texts:
        result["warnings"] = [*result.get("warnings", ()), *texts]


async def write(session: Session, steps: t.Iterable[Step]) -> bool:
    """Make these steps; whether the device wants a restart for one of them."""
    reboot_required = False
    for step in steps:
        await session.device()  # a device that is away before anything is sent is just away
        session.say(f"writing {step.label}")
        if step.moves_to:
            reboot_required = await _write_and_follow(session, step) or reboot_required
            continue
        try:
            reboot_required = await step.write(session) or reboot_required
        except dvrip_proto.AuthenticationError:
            raise
        except dvrip_proto.TransportError as error:
            await _read_back(session, step, error)
        except dvrip_proto.RequestError as error:
            await _note_part(session, step, error)
            raise
        session.written.append(step.label)
    return reboot_required


async def _write_and_follow(session: Session, step: Step) -> bool:
    """Make a step that moves the device, and go after it; whether it does that only with a restart."""
    device = await session.device()
    serial = (await device.system.info()).serial
    place = {"host": device.host, "port": device.port, **step.moves_to}
    needs_restart, lost = False, None
    session.uncertain.append(step.label)
    try:
        needs_restart = await step.write(session)
    except (dvrip_proto.TransportError, dvrip_proto.NotAppliedError) as error:
        lost = error  # it may be gone before it answers, or before it is read back
    except dvrip_proto.DvripError:
        session.uncertain.remove(step.label)
        raise
    needs_restart = needs_restart or await follow(session, serial, **place)
    left = None if lost is None else await step.left(session)
    session.uncertain.remove(step.label)
    if left:
        raise dvrip_proto.NotAppliedError(
            f"{lost}; read back: the device did not take {step.label}", name=step.label
        ) from lost
    session.written.append(step.label)
    if needs_restart:
        session.moves_to = place
    return needs_restart


async def _read_back(session: Session, step: Step, lost: dvrip_proto.TransportError) -> None:
    """After a write without answer look whether it was done; raises unless it was."""
    session.say(f"no answer to {step.label}: reading it back")
    session.uncertain.append(step.label)
    try:
        await session.reopen(within_s=session.endpoint.timeout_s)
        left = await step.left(session)
    except dvrip_proto.DvripError as error:
        raise type(lost)(f"{lost}; whether {step.label} is written is not known: {error}") from error
    if left is None:
        raise type(lost)(f"{lost}; whether {step.label} is written is not known: the device does not tell it")
    session.uncertain.remove(step.label)
    if left:
        _note(session, step, len(left))
        raise dvrip_proto.NotAppliedError(
            f"{lost}; read back: the device did not take {step.label}", name=step.label
        ) from lost


async def _note_part(session: Session, step: Step, error: dvrip_proto.RequestError) -> None:
    """Note what a refused write changed all the same."""
    if isinstance(error, dvrip_proto.NotAppliedError) and error.changes:
        _note(session, step, len(error.changes))
    elif len(step.rows) > 1:
        with contextlib.suppress(dvrip_proto.DvripError):
            left = await step.left(session)
            if left is not None:
                _note(session, step, len(left))


def _note(session: Session, step: Step, left: int) -> None:
    if left < len(step.rows):
        session.written.append(f"{step.label} ({len(step.rows) - left} of {len(step.rows)} changes)")


async def due_restart(session: Session) -> list[str]:
    """What waits for a restart since an earlier run, as far as this controller knows."""
    due = session.memory.restart_for
    if due and session.memory.restarted(await _uptime_min(session)):
        return []
    return due


async def after_writing(
    session: Session, result: Result, due: list[str], options: Result, check_mode: bool
) -> bool:
    """Restart when that is needed and wanted, else remember that it is due; whether it was done."""
    needed = bool(result.get("reboot_required") or due)
    if not needed:
        return False
    result["reboot_required"] = True
    if options["reboot"] == "if_needed":
        result["changed"] = True
        result["rebooted"] = False
        if check_mode:
            return False
        try:
            with _named_when_lost(session):
                result["elapsed"] = await restart(session, options["reboot_timeout"], **session.moves_to)
        except dvrip_proto.AuthenticationError as error:
            if not session.accounts_go:
                raise
            result["login"] = "refused"
            _warn(result, refused(error))
        else:
            result |= session.login_after()
        result |= {"rebooted": True, "reboot_required": False}
        return True
    if not check_mode and session.written:
        with _named_when_lost(session):
            goes_to = session.moves_to.get("host")
            session.memory.add_restart(session.written, await _uptime_min(session), goes_to)
    return False


@contextlib.contextmanager
def _named_when_lost(session: Session) -> t.Iterator[None]:
    """A device that is not found again is said where to be looked for, as far as the task knows."""
    try:
        yield
    except dvrip_proto.TransportError as error:
        if not session.lost:
            raise
        raise type(error)(f"{error}; {session.lost}") from error


async def _uptime_min(session: Session) -> float:
    return (await (await session.device()).system.info()).uptime.total_seconds() / 60
