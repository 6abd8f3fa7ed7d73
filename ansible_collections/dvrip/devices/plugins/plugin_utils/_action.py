# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Runs a module of this collection inside the worker, over the session that the connection plugin owns."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase

from ansible_collections.dvrip.devices.plugins.module_utils._library import MISSING
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
)


class DvripAction(ActionBase):
    """The action of every module; a subclass names the module's `spec`."""

    spec: t.ClassVar[ModuleSpec]

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        if MISSING is not None:
            raise AnsibleActionFail(LIBRARY_MISSING)
        validation = self.spec.validate(self._arguments(task_vars or {}))
        options: Options = validation.validated_parameters
        secret = {*validation._no_log_values, *self.spec.secrets(options)}  # noqa: SLF001  the validator has no public name for it
        secrets = secret_strings(secret, set(leaves(options)) - secret | {options.get("login_user") or ""})
        if validation.errors.errors:
            return censor(self._invalid(validation.errors), secrets)
        sessions = getattr(self._connection, "sessions", None)
        if isinstance(sessions, Sessions):
            return censor(self._run_spec(sessions, options), secrets)
        with Sessions() as own_sessions:
            return censor(self._run_spec(own_sessions, options), secrets)

    def _run_spec(self, sessions: Sessions, options: Options) -> Result:
        return self.spec.run(sessions, options, check_mode=self._task.check_mode, diff=self._task.diff)

    def _arguments(self, task_vars: dict[str, t.Any]) -> Options:
        """The task's arguments, with the device of the inventory where they name none."""
        arguments: Options = dict(self._task.args)
        for option, connection_option, variables in _ENDPOINT:
            names = (option, *self.spec.argument_spec[option]["aliases"])
            if all(arguments.get(name) is None for name in names):
                arguments[option] = self._inherited(connection_option, variables, task_vars)
        if arguments.get("timeout") is None and self._is_own_connection():
            arguments["timeout"] = self._connection.get_option("timeout")
        return arguments

    def _is_own_connection(self) -> bool:
        return isinstance(getattr(self._connection, "sessions", None), Sessions)

    def _inherited(
        self, connection_option: str, variables: t.Iterable[str], task_vars: dict[str, t.Any]
    ) -> t.Any:
        value = self.get_connection_option(connection_option)
        if value is not None:
            return value
        if task_vars.get("inventory_hostname") == "localhost" and "ansible_host" in variables:
            return None  # the controller's own address stands for no device
        found = (task_vars[variable] for variable in variables if task_vars.get(variable) is not None)
        return self._templar.template(next(found, None))

    def _invalid(self, errors: t.Any) -> Result:
        message = errors.msg
        if isinstance(errors.errors[0], UnsupportedError):
            message = f"Unsupported parameters for ({self._task.action}) module: {message}"
        return {"failed": True, "changed": False, "msg": message}
