# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Runs a module of this collection inside the worker, over the session that the connection plugin owns."""

from __future__ import annotations

import typing as t
from functools import cache
from pathlib import Path

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.dvrip.devices.plugins.module_utils import _texts
from ansible_collections.dvrip.devices.plugins.module_utils._endpoint import CONNECTION_OPTIONS, one_or_more
from ansible_collections.dvrip.devices.plugins.module_utils._library import (
    MISSING,
    dvrip_proto,
    missing_text,
    preload,
)
from ansible_collections.dvrip.devices.plugins.module_utils._module import How, ModuleSpec, Options
from ansible_collections.dvrip.devices.plugins.module_utils._options import unknown_option
from ansible_collections.dvrip.devices.plugins.module_utils._proposal import Result
from ansible_collections.dvrip.devices.plugins.module_utils._rehearsal import rehearse
from ansible_collections.dvrip.devices.plugins.module_utils._secrets import (
    censor,
    open_leaves,
    secret_strings,
)
from ansible_collections.dvrip.devices.plugins.module_utils._session import Sessions

# Option of the module, option of the connection plugin, variables when the connection has no such option ("local").
_ENDPOINT = (
    ("host", "host", ("ansible_dvrip_host", "ansible_host", "inventory_hostname")),
    ("port", "port", ("ansible_dvrip_port", "ansible_port")),
    ("login_user", "remote_user", ("ansible_dvrip_user", "ansible_user")),
    ("login_password", "password", ("ansible_dvrip_password", "ansible_password")),
    ("login_passwords", "passwords", ("ansible_dvrip_passwords",)),
    ("encrypt_type", "encrypt_type", ("ansible_dvrip_encrypt_type",)),
    ("encryption", "encryption", ("ansible_dvrip_encryption",)),
    ("timeout", "timeout", ("ansible_dvrip_timeout", "ansible_timeout")),
)
_PASSWORD, _PASSWORDS = "login_password", "login_passwords"
_GROUP = "group/dvrip.devices.dvrip"
_LOGINS = {"username": "user", "password": "password"}
_FOLDER = "dvrip"  # in the folder of Ansible
_TYPES: dict[str, type] = {
    "str": str,
    "int": int,
    "float": float,
    "list": tuple,
}  # a list always is looked at
_LISTED_MAX = 40  # options that Ansible may list in a message
_display = Display()


@cache
def _folder() -> str:
    """Where the controller remembers devices."""
    return str(Path(constants.config.get_config_value("ANSIBLE_HOME")) / _FOLDER)


def _fits(option: str, value: t.Any) -> bool:
    """Whether this is what a validator would make of it: what the connection plugin gives mostly is."""
    spec = CONNECTION_OPTIONS[option]
    return isinstance(value, _TYPES[spec["type"]]) and value in spec.get("choices", (value,))


class DvripAction(ActionBase):
    """The action of every module; a subclass names the module's `spec`."""

    spec: t.ClassVar[ModuleSpec]

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        """Get ready for the workers: Ansible loads an action in their parent."""
        super().__init_subclass__(**kwargs)
        _folder()
        if MISSING is None and cls.spec.rehearsal:
            rehearse(cls.spec)  # which imports what it needs
        elif MISSING is None:
            preload()

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        if MISSING is not None:
            raise AnsibleActionFail(missing_text())
        mistaken = self._mistaken_defaults() or self._mistaken_delegation()
        if mistaken:
            return {"failed": True, "changed": False, "msg": mistaken}
        try:
            return self._run(task_vars or {})
        except dvrip_proto.UsageError as error:
            return {"failed": True, "changed": False, "msg": str(error)}

    def _run(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        args = dict(self._task.args)
        if args.get(_PASSWORDS) is not None:
            args[_PASSWORDS] = one_or_more(
                args[_PASSWORDS], _PASSWORDS
            )  # else a text would be split at its commas
        for mistake in _texts.mistakes(args, self.spec.argument_spec):
            raise dvrip_proto.UsageError(mistake)
        given = self.spec.validate(args)
        # Not validated together: a password of the inventory may be a name in the results, and ansible-core 2.22 masks
        # whatever it validates as secret.
        inherited, errors_inherited = self._inherited(given.validated_parameters, task_vars)
        options: Options = given.validated_parameters | inherited
        secrets = self._secrets(options, given._no_log_values)  # noqa: SLF001  the validator has no public name for it
        for errors in (given.errors, errors_inherited):
            if errors is not None and errors.errors:
                return censor(self._invalid(errors, given.unsupported_parameters), secrets)
        how = self._how(given.validated_parameters, task_vars)
        sessions = getattr(self._connection, "sessions", None)
        if isinstance(sessions, Sessions):
            return censor(self.spec.run(sessions, options, how), secrets)
        with Sessions() as own_sessions:
            return censor(self.spec.run(own_sessions, options, how), secrets)

    def _secrets(self, options: Options, no_log_values: t.Iterable[str]) -> set[str]:
        """What may not be seen of these options."""
        logins = [options.get("login_password") or "", *(options.get("login_passwords") or ())]
        of_module = set(self.spec.secrets(options))
        # Only trees of a device's own make the catalog necessary to tell what is secret in them.
        shown = dvrip_proto.redact(options) if of_module else options
        public = {options.get("login_user") or "", *open_leaves(shown, self.spec.argument_spec)}
        return secret_strings([*logins, *no_log_values, *of_module], public - of_module)

    def _mistaken_defaults(self) -> str:
        """What is wrong with the defaults of the action group: a login that would become the password of an account."""
        for defaults in self._task.module_defaults or ():
            for name in sorted({"username", "password"} & set(defaults.get(_GROUP) or ())):
                return (
                    f"module_defaults: {_GROUP}: {name} is no option of the login: write login_{_LOGINS[name]}, because "
                    "the module `user` has a password that means the account it manages"
                )
        return ""

    def _mistaken_delegation(self) -> str:
        """What is wrong with a delegation to a computer: its port, account and password are none of a device."""
        other = self._task.delegate_to
        if not other or hasattr(self._connection, "sessions") or self._connection.transport == "local":
            return ""
        return (
            f"delegate_to: {other} is reached over {self._connection.transport}, and this module talks to devices from the "
            "controller: delegate to localhost, or set ansible_connection to dvrip.devices.dvrip for a device"
        )

    def _how(self, given: Options, task_vars: dict[str, t.Any]) -> How:
        host, name = given.get("host"), task_vars.get("inventory_hostname")
        return How(
            check_mode=self._task.check_mode,
            diff=self._task.diff,
            name=name if host is None else host,
            folder=_folder(),
            tell=lambda text: _display.v(text, host=name),
            always_failed=host is not None and host not in self._inventory_addresses(task_vars),
        )

    def _inventory_addresses(self, task_vars: dict[str, t.Any]) -> set[t.Any]:
        """Every address under which the host of the inventory is known here."""
        return {
            self.get_connection_option("host"),
            self._variable(("ansible_dvrip_host", "ansible_host", "inventory_hostname"), task_vars),
        }

    def _inherited(self, options: Options, task_vars: dict[str, t.Any]) -> tuple[Options, t.Any]:
        """The device and account of the inventory, where the task names none; and what is wrong with them."""
        found: Options = {}
        for option, connection_option, variables in _ENDPOINT:
            if option not in self.spec.argument_spec:
                continue
            if options.get(option) is None:
                found[option] = self.get_connection_option(connection_option)
                if found[option] is None:
                    found[option] = self._variable(variables, task_vars)
                if option == _PASSWORD:
                    self._refuse_odd(found[option], variables, task_vars)
        found = {option: value for option, value in found.items() if value is not None}
        if _PASSWORDS in found:
            found[_PASSWORDS] = one_or_more(found[_PASSWORDS], "ansible_dvrip_passwords")
        if all(_fits(option, value) for option, value in found.items()):
            return found, None
        types = {
            option: {key: value for key, value in CONNECTION_OPTIONS[option].items() if key != "no_log"}
            for option in found
        }
        result: ValidationResult = ArgumentSpecValidator(types).validate(found)
        return result.validated_parameters, result.errors

    def _refuse_odd(self, password: t.Any, names: t.Sequence[str], task_vars: dict[str, t.Any]) -> None:
        """UsageError for a password that is a text only because the connection plugin made one of it."""
        if isinstance(password, str) and not _texts.may_be_made(password):
            return
        told = task_vars
        if self._task.delegate_to and hasattr(self._connection, "sessions"):
            told = (task_vars.get("ansible_delegated_vars") or {}).get(self._task.delegate_to) or {}
        name = next((name for name in names if told.get(name) is not None), "")
        kind = _texts.kind_of(self._templar.template(told[name])) if name else ""
        if kind:
            raise dvrip_proto.UsageError(_texts.no_password(name, kind))

    def _variable(self, names: t.Sequence[str], task_vars: dict[str, t.Any]) -> t.Any:
        if task_vars.get("inventory_hostname") == "localhost" and "ansible_host" in names:
            return None  # the controller's own address stands for no device
        found = next((task_vars[name] for name in names if task_vars.get(name) is not None), None)
        return None if found is None else self._templar.template(found)

    def _invalid(self, errors: t.Any, unknown: t.Collection[t.Any]) -> Result:
        message = errors.msg
        if isinstance(errors.errors[0], UnsupportedError):
            options = self.spec.argument_spec
            told = [unknown_option(name, options) for name in sorted(unknown, key=str)]
            if len(options) > _LISTED_MAX:  # nobody reads a list of hundreds
                message = f"{'; '.join(told)}. `ansible-doc {self._task.action}` has all."
            message = f"Unsupported parameters for ({self._task.action}) module: {message}"
        return {"failed": True, "changed": False, "msg": message}
