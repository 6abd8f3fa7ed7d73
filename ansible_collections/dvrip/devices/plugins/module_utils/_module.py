# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""A module as a value: its options, what it proposes, and the two ways to run it.

The action plugin runs it inside the worker that Ansible forked; `main()` runs it as an ordinary module.
"""

from __future__ import annotations

import copy
import enum
import typing as t
from dataclasses import dataclass, field
from functools import cache

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult

from ansible_collections.dvrip.devices.plugins.module_utils import _texts, _writing
from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import CONNECTION_OPTIONS, Endpoint
from ansible_collections.dvrip.devices.plugins.module_utils._failure import failure
from ansible_collections.dvrip.devices.plugins.module_utils._library import (
    MISSING,
    dvrip_proto,
    missing_text,
)
from ansible_collections.dvrip.devices.plugins.module_utils._numbers import check_amounts, check_paths
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result, diffs
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session, Sessions, quiet

Options = dict[str, t.Any]
_NO_INVENTORY = (
    "no device address: gather_facts runs this as an ordinary module, which knows nothing of the inventory: give it host, port, "
    "login_user and login_password in module_defaults, as `ansible-doc dvrip.devices.device_facts` shows"
)


def _place(session: Session) -> Result:
    """Where the device is reached, which a write or a restart may change."""
    return {"host": session.endpoint.host, "port": session.endpoint.port}


class _Given(AnsibleModule):
    """Remembers what it was given: AnsibleModule makes texts of numbers."""

    def _load_params(self) -> None:
        super()._load_params()
        self.given: Options = copy.deepcopy(self.params)


def _no_secrets(_options: Options) -> t.Iterable[str]:
    return ()


def _no_check(_options: Options) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a module is asked, and of which device."""

    session: Session
    options: Options
    check_mode: bool
    name: str  # of the host in the inventory, else its address

    async def device(self) -> dvrip_proto.Device:
        """The device, logged in."""
        return await self.session.device()

    @property
    def where(self) -> str:
        """How messages begin: the device they speak of."""
        return str(self.session.endpoint)


def _plain(value: t.Any) -> t.Any:
    """The value without enumerations, of which Ansible warns in every play."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.value if isinstance(value, enum.Enum) else value


async def _no_device(_task: Task) -> Proposal:
    raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """In which way a task is run."""

    check_mode: bool = False
    diff: bool = False
    name: str | None = None
    folder: str | None = None  # where the controller remembers devices
    tell: t.Callable[[str], None] = quiet
    always_failed: bool = False  # the device is not the host of the inventory: it may not become UNREACHABLE


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModuleSpec:
    """One module: `prepare` reads the device and proposes, `constraints` are those of AnsibleModule.

    `restarts`: what it writes may want a restart, so it has the options `reboot` and `reboot_timeout`.
    """

    prepare: t.Callable[[Task], t.Awaitable[Proposal]]
    options: dict[str, dict[str, t.Any]]
    constraints: dict[str, t.Any] = field(default_factory=dict)
    secrets: t.Callable[[Options], t.Iterable[str]] = _no_secrets
    check: t.Callable[[Options], None] = _no_check  # UsageError for what no device could take
    restarts: bool = False
    verifies: bool = True  # whether a second look tells that a restart brought what was asked for
    opens: bool = True  # whether the device must be there at the beginning
    # A wish that changes nothing on the device of `_rehearsal`.
    rehearsal: Options = field(default_factory=dict)

    @property
    def own_options(self) -> dict[str, dict[str, t.Any]]:
        """The options of the module without those of the connection."""
        return {**self.options, **(_writing.REBOOT_OPTIONS if self.restarts else {})}

    @property
    def argument_spec(self) -> dict[str, dict[str, t.Any]]:
        """All options of the module, those of the connection included."""
        return {**CONNECTION_OPTIONS, **self.own_options}

    def validate(self, options: Options) -> ValidationResult:
        """The options checked and converted as AnsibleModule does it."""
        result: ValidationResult = _validator(self).validate(options)
        return result

    async def execute(self, session: Session, options: Options, how: How) -> Result:
        """The result of the module. The only place that knows check mode."""
        task = Task(
            session=session,
            options=options,
            check_mode=how.check_mode,
            name=how.name or str(session.endpoint),
        )
        if self.opens:
            await session.device()
        due = await _writing.due_restart(session) if self.restarts else []
        proposal = await self.prepare(task)
        result: Result = {"changed": proposal.changed, **proposal.result}
        if proposal.changes:
            result["changes"] = proposal.changes
        if how.diff:
            result["diff"] = diffs(proposal.changes, task.name)
        if proposal.told:
            result["warnings"] = proposal.told
        place = _place(session)
        if (proposal.changed or proposal.looks) and not how.check_mode:
            await _writing.carry_out(session, proposal, result)
        if _place(session) != place:
            result |= _place(session)
        if self.restarts:
            await self._restart(task, result, due)
        else:
            result.pop("reboot_required", None)
        return result

    async def _restart(self, task: Task, result: Result, due: list[str]) -> None:
        place = _place(task.session)
        if not await _writing.after_writing(task.session, result, due, task.options, task.check_mode):
            return
        if "host" in result or _place(task.session) != place:
            result |= _place(task.session)
        if not self.verifies:
            return
        left = (await self.prepare(task)).changes
        if left:
            paths = ", ".join(f"{change['object']} {change['path']}" for change in left)
            raise dvrip_proto.NotAppliedError(
                f"{task.where}: the device restarted, and does not have: {paths}", changes=tuple(left)
            )

    def run(self, sessions: Sessions, options: Options, how: How) -> Result:
        """`execute` on the device that the options name; an error becomes the result that reports it."""
        try:
            endpoint = Endpoint.from_options(options)
            check_amounts(options)
            check_paths(options, self.options)
            self.check(options)
        except dvrip_proto.UsageError as error:
            return failure(error)
        result = sessions.run(
            endpoint,
            lambda session: self.execute(session, options, how),
            folder=how.folder,
            tell=how.tell,
            always_failed=how.always_failed,
            skips="missing" in self.options,
        )
        return t.cast(Result, _plain(result))

    def main(self) -> None:
        """Run as an ordinary module: AnsiballZ, ansible-test, ansible-console, gather_facts."""
        module = _Given(self.argument_spec, supports_check_mode=True, **self.constraints)
        if MISSING is not None:
            module.fail_json(missing_text(), exception=MISSING)
        for mistake in _texts.mistakes(module.given, self.argument_spec):
            module.fail_json(mistake)
        if "host" in self.argument_spec and not module.params["host"]:
            module.fail_json(_NO_INVENTORY)
        module.no_log_values.update(self.secrets(module.params))
        how = How(check_mode=module.check_mode, diff=module._diff)  # noqa: SLF001  AnsibleModule has no public name for it
        with Sessions() as sessions:
            result = self.run(sessions, module.params, how)
        if result.get("unreachable"):
            result["failed"] = True  # else gather_facts takes it for facts
        for warning in result.pop("warnings", ()):
            module.warn(warning)
        module.exit_json(**result)


@cache
def _validator(spec: ModuleSpec) -> ArgumentSpecValidator:
    return ArgumentSpecValidator(spec.argument_spec, **spec.constraints)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalSpec(ModuleSpec):
    """A module without a login: it looks at a network, from the controller."""

    propose: t.Callable[[Options, bool], t.Awaitable[Proposal]]
    prepare: t.Callable[[Task], t.Awaitable[Proposal]] = field(default=_no_device, init=False)

    @property
    def argument_spec(self) -> dict[str, dict[str, t.Any]]:
        """The options of the module, and no login."""
        return dict(self.options)

    def run(self, sessions: Sessions, options: Options, how: How) -> Result:
        """The result of the module, of which no device is the host."""
        nobody = Endpoint(host="", port=0, username="", password="", timeout_s=1.0)
        return sessions.run(nobody, lambda session: self._run(session, options, how), always_failed=True)

    async def _run(self, session: Session, options: Options, how: How) -> Result:
        check_amounts(options)
        proposal = await self.propose(options, how.check_mode)
        result: Result = {"changed": proposal.changed, **proposal.result}
        if proposal.changes:
            result["changes"] = proposal.changes
        if how.diff:
            result["diff"] = diffs(proposal.changes, how.name or "network")
        if proposal.changed and not how.check_mode:
            await _writing.carry_out(session, proposal, result)
        result.pop("reboot_required", None)
        return result
