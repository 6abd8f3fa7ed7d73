# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""A module as a value: its options, what it proposes, and the two ways to run it.

The action plugin runs it inside the worker that Ansible forked; `main()` runs it as an ordinary module.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult

from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import Endpoint, connection_options
from ansible_collections.dvrip.devices.plugins.module_utils._library import MISSING, dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Proposal, Result
from ansible_collections.dvrip.devices.plugins.module_utils._session import Session, Sessions, failure

Options = dict[str, t.Any]

LIBRARY_MISSING = missing_required_lib(
    "dvrip-proto", reason="on Python 3.12 or later by every module of dvrip.devices"
)


def _no_secrets(_options: Options) -> t.Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSpec:
    """One module: `prepare` reads the device and proposes, `constraints` are those of AnsibleModule."""

    prepare: t.Callable[[dvrip_proto.Device, Options], t.Awaitable[Proposal]]
    options: dict[str, dict[str, t.Any]]
    constraints: dict[str, t.Any] = field(default_factory=dict)
    secrets: t.Callable[[Options], t.Iterable[str]] = _no_secrets

    @property
    def argument_spec(self) -> dict[str, dict[str, t.Any]]:
        """All options of the module, those of the connection included."""
        return connection_options(self.options) | self.options

    def validate(self, options: Options) -> ValidationResult:
        """The options checked and converted as AnsibleModule does it."""
        validator = ArgumentSpecValidator(self.argument_spec, **self.constraints)
        result: ValidationResult = validator.validate(options)
        return result

    async def execute(self, session: Session, options: Options, *, check_mode: bool, diff: bool) -> Result:
        """The result of the module. The only place that knows check mode."""
        proposal = await self.prepare(await session.device(), options)
        result: Result = {"changed": proposal.changed, **proposal.result}
        if diff:
            result["diff"] = [entry.as_result() for entry in proposal.diffs]
        if proposal.warnings:
            result["warnings"] = list(proposal.warnings)
        if proposal.changed and not check_mode:
            result.update(await proposal.apply(session))
        return result

    def run(self, sessions: Sessions, options: Options, *, check_mode: bool, diff: bool) -> Result:
        """`execute` on the device that the options name; an error becomes the result that reports it."""
        try:
            endpoint = Endpoint.from_options(options)
        except dvrip_proto.UsageError as error:
            return failure(error)
        return sessions.run(
            endpoint, lambda session: self.execute(session, options, check_mode=check_mode, diff=diff)
        )

    def main(self) -> None:
        """Run as an ordinary module: AnsiballZ, ansible-test, ansible-console, gather_facts."""
        module = AnsibleModule(self.argument_spec, supports_check_mode=True, **self.constraints)
        if MISSING is not None:
            module.fail_json(LIBRARY_MISSING, exception=MISSING)
        module.no_log_values.update(self.secrets(module.params))
        with Sessions() as sessions:
            result = self.run(sessions, module.params, check_mode=module.check_mode, diff=module._diff)  # noqa: SLF001  AnsibleModule has no public name for it
        for warning in result.pop("warnings", ()):
            module.warn(warning)
        module.exit_json(**result)
