# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Runs a module of this collection inside the worker, over the session that the connection plugin owns."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase

from ansible_collections.dvrip.devices.plugins.module_utils._library import MISSING, dvrip_proto
from ansible_collections.dvrip.devices.plugins.module_utils._module import (
    LIBRARY_MISSING,
    ModuleSpec,
    Options,
)
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result
from ansible_collections.dvrip.devices.plugins.module_utils._secrets import censor, leaves, secret_strings
from ansible_collections.dvrip.devices.plugins.module_utils._session import Sessions

# Option of the module, option of the connection plugin, variables when the connection has no such option ("local").
_ENDPOINT = (
    ("host", "host", ("ansible_host", "inventory_hostname")),
    ("port", "port", ("ansible_port",)),
    ("login_user", "remote_user", ("ansible_user",)),
    ("login_password", "password", ("ansible_password",)),
    ("timeout", "timeout", ("ansible_timeout",)),
)


class DvripAction(ActionBase):
    """The action of every module; a subclass names the module's `spec`."""

    spec: t.ClassVar[ModuleSpec]

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        if MISSING is not None:
            raise AnsibleActionFail(LIBRARY_MISSING)
        given = self.spec.validate(dict(self._task.args))
        # Not validated together: a password of the inventory may be a name in the results, and ansible-core 2.22 masks
        # whatever it validates as secret.
        inherited = self._inherited(given.validated_parameters, task_vars or {})
        options: Options = given.validated_parameters | inherited.validated_parameters
        secrets = self._secrets(options, given._no_log_values)  # noqa: SLF001  the validator has no public name for it
        for errors in (given.errors, inherited.errors):
            if errors.errors:
                return censor(self._invalid(errors), secrets)
        sessions = getattr(self._connection, "sessions", None)
        if isinstance(sessions, Sessions):
            return censor(self._run_spec(sessions, options), secrets)
        with Sessions() as own_sessions:
            return censor(self._run_spec(own_sessions, options), secrets)

    def _secrets(self, options: Options, no_log_values: t.Iterable[str]) -> set[str]:
        """What may not be seen of these options."""
        found = {options.get("login_password") or "", *no_log_values, *self.spec.secrets(options)}
        shown = {name: value for name, value in options.items() if name != "login_password"}
        public = {options.get("login_user") or "", *leaves(dvrip_proto.redact(shown))}
        return secret_strings(found, public - set(self.spec.secrets(options)))

    def _run_spec(self, sessions: Sessions, options: Options) -> Result:
        return self.spec.run(sessions, options, check_mode=self._task.check_mode, diff=self._task.diff)

    def _inherited(self, options: Options, task_vars: dict[str, t.Any]) -> ValidationResult:
        """The device and account of the inventory, where the task names none."""
        found: Options = {}
        for option, connection_option, variables in _ENDPOINT:
            if options.get(option) is None:
                found[option] = self.get_connection_option(connection_option)
                if found[option] is None:
                    found[option] = self._variable(variables, task_vars)
        types = {option: {"type": self.spec.argument_spec[option]["type"]} for option in found}
        result: ValidationResult = ArgumentSpecValidator(types).validate(found)
        return result

    def _variable(self, names: t.Sequence[str], task_vars: dict[str, t.Any]) -> t.Any:
        if task_vars.get("inventory_hostname") == "localhost" and "ansible_host" in names:
            return None  # the controller's own address stands for no device
        found = (task_vars[name] for name in names if task_vars.get(name) is not None)
        return self._templar.template(next(found, None))

    def _invalid(self, errors: t.Any) -> Result:
        message = errors.msg
        if isinstance(errors.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({self._task.action}) module: {message}"
        return {"failed": True, "changed": False, "msg": message}
