# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: dvrip
short_description: Logs in to a device that speaks DVRIP
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - With this plugin the hosts of the inventory are the devices themselves.
    The modules of this collection run in Ansible's own worker process on the controller and talk to the device directly.
    Nothing is copied to the device, and no daemon is started.
  - There is one login for a task on a host, also when the task loops.
  - The device has no shell. Modules of other collections, C(setup) for example, do not work over this connection,
    so plays need C(gather_facts) set to V(false). M(dvrip.devices.device_facts) reads facts in a task, and tells how
    C(gather_facts) can run it.
options:
  host:
    description: Address or name of the device.
    type: str
    default: inventory_hostname
    vars:
      - name: inventory_hostname
      - name: ansible_host
      - name: ansible_dvrip_host
  port:
    description: TCP port of the device.
    type: int
    default: 34567
    vars:
      - name: ansible_port
      - name: ansible_dvrip_port
  remote_user:
    description:
      - Account to log in with.
      - The C(remote_user) that an C(ansible.cfg) has for servers counts as well, so set C(ansible_user) where there is one.
    type: str
    default: admin
    vars:
      - name: ansible_user
      - name: ansible_dvrip_user
    cli:
      - name: user
    keyword:
      - name: remote_user
  password:
    description:
      - Password of the account.
      - There is no default. A device without password needs an empty string.
      - In quotes. What YAML makes a number (C(0123)) or a boolean (C(no)) is refused before anything is sent.
    type: str
    vars:
      - name: ansible_password
      - name: ansible_dvrip_password
  passwords:
    description:
      - Other passwords that the account may have, tried in this order after O(password), for example the old one while
        passwords are being rotated.
      - At most two wrong passwords an account are tried within half an hour, over all tasks and runs of this controller,
        because devices lock accounts. What was right is tried first the next time.
      - The controller remembers this below C(ANSIBLE_HOME), without any password; of those that were refused one byte of a
        hash, so that they are tried last.
      - A list. A text is one password, also with commas in it.
    type: raw
    vars:
      - name: ansible_dvrip_passwords
  encrypt_type:
    description:
      - V(NONE) sends the password itself at the login, for the few devices that do not know its hash.
    type: str
    choices: [MD5, NONE]
    default: MD5
    vars:
      - name: ansible_dvrip_encrypt_type
  encryption:
    description:
      - V(auto) logs in in clear, and encrypted where the device wants that.
      - V(always) never speaks to the device in clear. Set it for devices that were met encrypted, so that nobody who
        pretends to be the device is told a password in clear.
      - V(salted) is V(always) with a password that cannot be used again by whoever is told it, for devices that offer that.
      - V(light) is for devices that were met so, they take the login in clear and encrypt what follows.
      - V(never) stays in clear.
      - Which one a device was met with is C(login) in the result of M(dvrip.devices.device_info).
    type: str
    choices: [auto, always, never, salted, light]
    default: auto
    vars:
      - name: ansible_dvrip_encryption
  timeout:
    description: Seconds to wait for the connection and for each reply.
    type: float
    default: 10
    vars:
      - name: ansible_timeout
      - name: ansible_dvrip_timeout
    cli:
      - name: timeout
  local_modules:
    description:
      - Runs the modules of other collections on the controller instead of refusing them,
        for C(wait_for_connection) and for C(gather_facts) with your own list of fact modules.
      - Take care. With this option C(ansible.builtin.command) on a camera is a command on the controller.
    type: bool
    default: false
    vars:
      - name: ansible_dvrip_local_modules
"""

EXAMPLES = r"""
# hosts.yml: an inventory of devices
cameras:
  hosts:
    gate:
      ansible_host: 192.168.20.31
    recorder:
      ansible_host: site7.example.net
      ansible_port: 34568
  vars:
    ansible_connection: dvrip.devices.dvrip
    ansible_user: fleet
    ansible_password: "{{ vault_fleet_password }}"
"""

import functools
import socket
import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase
from ansible.plugins.loader import connection_loader

if t.TYPE_CHECKING:
    from ansible_collections.dvrip.devices.plugins.module_utils._session import Sessions


class Connection(ConnectionBase):
    """Owns the sessions of one task on one host."""

    transport = "dvrip.devices.dvrip"
    has_tty = False

    def __init__(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(*args, **kwargs)
        self._sessions: Sessions | None = None

    @property
    def sessions(self) -> Sessions:
        """The sessions; from the first use until `close` the task executor keeps this connection for all items of a loop."""
        if self._sessions is None:
            # Here, not above: every worker imports this file, also for tasks like set_fact that never talk to the device.
            from ansible_collections.dvrip.devices.plugins.module_utils._session import Sessions

            self._sessions = Sessions()
        self._connected = True
        return self._sessions

    @property
    def _remote_is_local(self) -> bool:
        return bool(self.get_option("local_modules"))

    @functools.cached_property
    def _controller(self) -> ConnectionBase:
        """Where the modules of other collections run, when that was asked for."""
        if not self.get_option("local_modules"):
            raise AnsibleError(
                f"{self.get_option('host')}: a device that speaks DVRIP has no shell and no files, so only the modules of "
                "dvrip.devices work on it. Set `gather_facts: false` in the play, add `delegate_to: localhost` to a task "
                "that is meant for the controller, or read about ansible_dvrip_local_modules in "
                "`ansible-doc -t connection dvrip.devices.dvrip`. To wait for a device there is dvrip.devices.wait."
            )
        controller: ConnectionBase = connection_loader.get(
            "ansible.builtin.local", self._play_context, shell=self._shell
        )
        controller.set_options()
        return controller

    def _connect(self) -> t.Self:
        self._connected = True
        return self

    def transport_test(self, connect_timeout: float) -> None:
        """Whether the device's port is open. It does not log in: the caller tries again, and devices lock accounts."""
        host, port = self.get_option("host"), self.get_option("port")
        try:
            socket.create_connection((host, port), connect_timeout).close()
        except OSError as error:
            raise AnsibleConnectionFailure(f"{host}:{port}: {error}") from error

    def exec_command(
        self, cmd: str, in_data: bytes | None = None, sudoable: bool = True
    ) -> tuple[int, bytes, bytes]:
        self._connect()
        return self._controller.exec_command(cmd, in_data=in_data, sudoable=sudoable)

    def put_file(self, in_path: str, out_path: str) -> None:
        self._connect()
        self._controller.put_file(in_path, out_path)

    def fetch_file(self, in_path: str, out_path: str) -> None:
        self._connect()
        self._controller.fetch_file(in_path, out_path)

    def reset(self) -> None:
        """Log out; the next task logs in again."""
        self.close()

    def close(self) -> None:
        self._connected = False
        sessions, self._sessions = self._sessions, None
        if sessions is not None:
            sessions.close()
