# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet
short_description: Finds the devices that speak DVRIP and keeps those that are off
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - The hosts of this inventory are cameras and recorders. They are found by broadcast, at addresses, in networks and ranges,
    behind routers as host:port, and in a list of who should be there.
  - A device keeps its name in the inventory when its address changes, because it is known by its serial number or MAC address.
  - A device that does not answer stays in the inventory with C(dvrip_online=false), so that a play reports it as UNREACHABLE
    instead of forgetting it. Devices that were found once are remembered in O(keep_file).
  - With O(facts) it logs in to all devices at once, which costs a small part of a task on each of them.
  - Every host has the variables C(dvrip_online) and C(dvrip_expected). What a device tells by broadcast or with O(facts), now or
    the last time, is in C(dvrip_serial), C(dvrip_mac), C(dvrip_hostname), C(dvrip_firmware) and C(dvrip_channels), and with
    O(facts) also in C(dvrip_hardware), C(dvrip_model), C(dvrip_build_time), C(dvrip_device_type), and in C(dvrip_login),
    which is V(ok) or says why nobody could log in.
  - Its file ends in C(dvrip.yml) or C(dvrip.yaml).
notes:
  - What devices tell by broadcast is not proved by anything. A login with O(facts) tells the hash of the password to whatever
    answers, as every login of DVRIP does. In a network with strangers leave O(broadcast) empty and name the addresses.
  - No password is kept in the cache of the inventory, in O(keep_file) or in a variable of a host.
options:
  plugin:
    description: Name of this plugin.
    type: str
    required: true
    choices: [dvrip.devices.fleet]
  broadcast:
    description: Broadcast addresses that are asked by UDP. An empty list asks nobody.
    type: list
    elements: str
    default: [255.255.255.255]
  interface:
    description: Own address of the controller to ask from, where it has several.
    type: str
    default: 0.0.0.0
  discovery_port:
    description: UDP port of the discovery.
    type: int
    default: 34569
  wait:
    description: Seconds to wait for answers to the broadcast.
    type: float
    default: 3
  targets:
    description:
      - Where else to look. An address or a name, with C(:port) behind it where a router forwards ports; a network such as
        V(10.1.0.0/24); a range such as V(10.1.0.5-10.1.0.20) or V(10.1.0.5-20).
      - A single address is in the inventory whether it answers or not. Of a network or a range only what answers is.
    type: list
    elements: str
    default: []
  port:
    description: TCP port of targets and expected devices that name none.
    type: int
    default: 34567
  expected:
    description:
      - Who should be there. They are in the inventory whether they answer or not, and C(dvrip_expected) is true for them only.
      - A device is told by its serial number, its MAC address, or its address. One that never answered needs an O(expected[].host).
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name in the inventory.
        type: str
      serial:
        description: Serial number.
        type: str
      mac:
        description: MAC address.
        type: str
      host:
        description: Address where it is, or was.
        type: str
      port:
        description: TCP port.
        type: int
      vars:
        description: Variables of this host.
        type: dict
  identity:
    description:
      - What names a device that has no name in O(expected). Where the device does not tell it, the next of serial number, MAC
        address and address is taken.
    type: str
    choices: [serial, mac, address]
    default: serial
  facts:
    description: Logs in and asks for hardware, model, firmware, serial number and channels.
    type: bool
    default: false
  username:
    description: Account for O(facts). May be a template.
    type: str
    default: admin
    env:
      - name: DVRIP_USERNAME
  password:
    description:
      - Password of the account. May be a template or come from a vault.
      - In quotes. What YAML makes a number (C(0123)) or a boolean (C(no)) is refused before anything is sent.
    type: str
    env:
      - name: DVRIP_PASSWORD
  passwords:
    description:
      - Other passwords that the account may have, tried in this order after O(password).
      - At most two wrong passwords an account are tried within half an hour, over all runs and tasks of this controller.
      - A list. A text is one password, also with commas in it.
    type: raw
  timeout:
    description: Seconds to wait for a connection and for each reply.
    type: float
    default: 5
  parallel:
    description: How many devices are asked at the same time.
    type: int
    default: 200
  group:
    description: Group that all devices are in.
    type: str
    default: dvrip
  set_connection:
    description: Sets C(ansible_connection) to P(dvrip.devices.dvrip#connection).
    type: bool
    default: true
  keep_missing:
    description: Keeps devices that were found once and are not found now.
    type: bool
    default: true
  keep_file:
    description:
      - Where the devices that were found are remembered. Delete it, or its entry, to forget them.
      - Without it, a file below C(ANSIBLE_HOME) for each inventory file.
    type: path
extends_documentation_fragment:
  - constructed
  - inventory_cache
"""

EXAMPLES = r"""
# fleet.dvrip.yml: what is in this network, without a login
plugin: dvrip.devices.fleet

---
# sites.dvrip.yml: two sites behind routers, a network of its own, and a list of who should be there
plugin: dvrip.devices.fleet
broadcast: []
targets:
  - 10.1.0.0/24
  - 10.2.0.20-60
  - site7.example.net:34567
  - site7.example.net:34568
expected:
  - {name: gate, serial: 2a981919678907c1, host: 10.1.0.31}
  - {name: yard, mac: "00:12:34:56:78:90", vars: {site: north}}
facts: true
password: "{{ lookup('ansible.builtin.env', 'CAMERA_PASSWORD') }}"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/dvrip
keyed_groups:
  - {key: dvrip_hardware, prefix: hardware}
  - {key: dvrip_firmware, prefix: firmware}
groups:
  recorders: dvrip_channels | default(1) | int > 1
  missing: not dvrip_online
  unexpected: not dvrip_expected
compose:
  ansible_user: "'fleet'"
"""

import hashlib
import json
import math
import os
import typing as t
from pathlib import Path

from ansible import constants
from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.dvrip.devices.plugins.module_utils import (
    _endpoint,
    _fleet,
    _fleet_expected,
    _fleet_search,
    _fleet_targets,
    _library,
    _texts,
)

_FOLDER = "dvrip"  # in the folder of Ansible, as for the modules
_SEARCHED = (
    "broadcast",
    "interface",
    "discovery_port",
    "targets",
    "port",
    "facts",
    "username",
    "keep_missing",
)
_TEXTS: dict[str, dict[str, t.Any]] = {
    "username": {"type": "str"},
    "interface": {"type": "str"},
    "targets": {"type": "list", "elements": "str"},
}
_NOT_SHOWN = frozenset({"host", "port", "name", "entry", "twin"})


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Devices of a fleet as the hosts of an inventory."""

    NAME = "dvrip.devices.fleet"

    def verify_file(self, path: str) -> bool:
        """Whether the file is named as those of this plugin are."""
        return bool(super().verify_file(path)) and path.endswith(("dvrip.yml", "dvrip.yaml"))

    def parse(self, inventory: t.Any, loader: t.Any, path: str, cache: bool = True) -> None:
        """Fill the inventory: from the cache where that is wanted and possible, else from the network."""
        super().parse(inventory, loader, path, cache)
        self._check_texts(path, self._read_config_data(path))
        self._hosts: t.Any = inventory
        self._check_numbers(path)
        try:
            self._expected = _fleet_expected.variables_of(
                self.get_option("expected"), self.get_option("port")
            )
        except ValueError as error:
            raise AnsibleParserError(f"{path}: {error}") from error
        records = self._cached(path, cache)
        strict = self.get_option("strict")
        group = self._hosts.add_group(self._sanitize_group_name(self.get_option("group")))
        for record in records:
            name = self._name(_fleet.name_of(record, self.get_option("identity")), record)
            self._add(name, record, group, strict)

    def _check_texts(self, path: str, told: t.Mapping[str, t.Any]) -> None:
        """Refuse a login that YAML made a number or a boolean, which is another text when it is made one again."""
        kind = _texts.kind_of(told.get("password"))
        if kind:
            raise AnsibleParserError(f"{path}: {_texts.no_password('password', kind)}")
        for mistake in _texts.mistakes(told, _TEXTS):
            raise AnsibleParserError(f"{path}: {mistake}")

    def _check_numbers(self, path: str) -> None:
        for name in ("port", "discovery_port"):
            if not 0 < self.get_option(name) < 65536:
                raise AnsibleParserError(
                    f"{path}: {name}: {self.get_option(name)} is no port from 1 to 65535"
                )
        for name in ("timeout", "wait"):
            if not 0 < self.get_option(name) < math.inf:
                raise AnsibleParserError(
                    f"{path}: {name}: {self.get_option(name)} is no number of seconds above 0"
                )

    def _cached(self, path: str, cache: bool) -> list[dict[str, t.Any]]:
        key = f"{self.get_cache_key(path)}_{self._looks_for()}"
        wanted = self.get_option("cache")
        if wanted and cache:
            try:
                told = self._cache[key]
                known = _fleet.well_formed(told)
                if known and len(known) == len(told):  # else another version wrote it
                    return known
            except KeyError:
                pass
            except (AnsibleError, AttributeError, TypeError, ValueError) as error:  # a file that is spoilt
                self.display.warning(f"the cache is not used: {error}")
        records = self._found(path)
        if wanted:
            self._cache[key] = records
        return records

    def _looks_for(self) -> str:
        """A mark of what is looked for: who changes that in the file wants another answer than the cache has."""
        told = {name: self.get_option(name) for name in _SEARCHED}
        told["expected"] = [
            {key: value for key, value in entry.items() if key != "vars"}
            for entry in self.get_option("expected")
        ]
        return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:12]

    def _found(self, path: str) -> list[dict[str, t.Any]]:
        if _library.MISSING is not None:
            raise AnsibleParserError(_library.missing_text())
        keep = self._keep_file(path) if self.get_option("keep_missing") else None
        try:
            expected = _fleet_expected.expected_devices(self.get_option("expected"), self.get_option("port"))
            kept = _fleet.read_kept(keep) if keep else []
            records = _fleet_search.fleet(self._search(), expected, kept)
        except (ValueError, _library.dvrip_proto.UsageError) as error:
            raise AnsibleParserError(f"{path}: {error}") from error
        if keep:
            _fleet.write_kept(keep, records)
        self._tell(records)
        return records

    def _search(self) -> _fleet_search.Search:
        told = self.templar.template([self.get_option("password"), self.get_option("passwords")])
        passwords = _endpoint.one_or_more(told, "password")
        if self.get_option("facts") and not passwords:
            raise AnsibleParserError(
                'facts: no password: set `password`, or DVRIP_PASSWORD; write an empty one as ""'
            )
        return _fleet_search.Search(
            broadcast=self.get_option("broadcast"),
            targets=_fleet_targets.targets(self.get_option("targets"), self.get_option("port")),
            interface=self.get_option("interface"),
            discovery_port=self.get_option("discovery_port"),
            wait_s=self.get_option("wait"),
            timeout_s=self.get_option("timeout"),
            parallel=max(1, self.get_option("parallel")),
            facts=self.get_option("facts"),
            username=self.templar.template(self.get_option("username")),
            passwords=tuple(dict.fromkeys(map(str, passwords))),
            folder=str(self._home() / _FOLDER),
            warn=self.display.warning,
        )

    def _home(self) -> Path:
        return Path(constants.config.get_config_value("ANSIBLE_HOME"))

    def _keep_file(self, path: str) -> Path:
        given = self.get_option("keep_file")
        if given:
            return Path(given)
        digest = hashlib.sha256(os.path.realpath(path).encode()).hexdigest()[:12]
        return self._home() / _FOLDER / f"fleet-{digest}.json"

    def _tell(self, records: list[dict[str, t.Any]]) -> None:
        """What somebody has to look after, each device on a line of its own with -v."""
        silent = [record for record in records if not record["online"]]
        refused = [record for record in records if record["online"] and record.get("login", "ok") != "ok"]
        for what, devices in (("do not answer", silent), ("do not let in", refused)):
            if devices:
                self.display.warning(
                    f"{len(devices)} of {len(records)} devices {what}; -v names them, and they stay in the inventory"
                )
            for record in devices:
                reason = record.get("login", "no answer")
                self.display.v(f"{record['host']}:{record['port']} {record.get('name', '')}: {reason}")

    def _compose(self, template: t.Any, variables: t.Any, *more: t.Any, **options: t.Any) -> t.Any:
        """As it is, but a bare fact needs no template to be compiled for every host: half of the time of a large fleet."""
        is_fact = isinstance(template, str) and template.startswith("dvrip_") and template.isidentifier()
        if is_fact and template in variables:
            return variables[template]
        return super()._compose(template, variables, *more, **options)

    def _name(self, name: str, record: dict[str, t.Any]) -> str:
        """The name of a device; of two that have one name the second has its address behind it."""
        if name not in self._hosts.hosts:
            return name
        twin = f"{name}_{record['host']}_{record['port']}".replace(":", "-")
        self.display.warning(f"two devices say that they are {name}: {twin} is the second")
        return twin

    def _add(self, name: str, record: dict[str, t.Any], group: str, strict: bool) -> None:
        host = self._hosts.add_host(name, group=group)
        variables = {f"dvrip_{key}": value for key, value in record.items() if key not in _NOT_SHOWN}
        variables |= {"ansible_host": record["host"], "ansible_port": str(record["port"])}
        if self.get_option("set_connection"):
            variables["ansible_connection"] = "dvrip.devices.dvrip"
        variables |= self._expected.get(record.get("entry", ""), {})
        for key, value in variables.items():
            self._hosts.set_variable(host, key, value)
        composed, keyed = self.get_option("compose"), self.get_option("keyed_groups")
        self._set_composite_vars(composed, variables, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(keyed, variables, host, strict=strict)
