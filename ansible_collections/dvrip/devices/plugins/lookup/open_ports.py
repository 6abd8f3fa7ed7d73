# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: open_ports
short_description: Tells which TCP ports of a device are open
version_added: 0.1.0
author:
  - The DVRIP project (@dvrip)
description:
  - Tries to connect to each port, all at once, and says which ones accepted. Nothing is sent.
options:
  _terms:
    description: Address of the device.
    type: str
    required: true
  ports:
    description: Ports that are tried.
    type: list
    elements: int
    required: true
  timeout:
    description: Seconds to wait for a connection.
    type: float
    default: 2
"""

EXAMPLES = r"""
- name: See whether telnet is open
  ansible.builtin.debug:
    msg: "{{ lookup('dvrip.devices.open_ports', ansible_host, ports=[22, 23]) }}"
"""

RETURN = r"""
_raw:
  description: The open ports.
  type: list
  elements: int
"""

import asyncio
import contextlib
import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase


class LookupModule(LookupBase):
    """Ports that accept a connection."""

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[int]:
        self.set_options(var_options=variables, direct=kwargs)
        if len(terms) != 1:
            raise AnsibleLookupError("open_ports: give the address of one device")
        return asyncio.run(_open(str(terms[0]), self.get_option("ports"), self.get_option("timeout")))


async def _open(host: str, ports: t.Sequence[int], timeout_s: float) -> list[int]:
    answers = await asyncio.gather(*(_is_open(host, port, timeout_s) for port in ports))
    return [port for port, is_open in zip(ports, answers, strict=True) if is_open]


async def _is_open(host: str, port: int, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            _reader, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError, OverflowError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
