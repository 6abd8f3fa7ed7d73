# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.

"""Keeps secrets out of what a task returns."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.dvrip.devices.plugins.module_utils._library import dvrip_proto

_LONG = 8  # a shorter password may be a part of anything
_MASK = "********"

try:
    # ansible-core 2.22 masks registered secrets in everything it displays, and leaves variables alone.
    from ansible.module_utils.secrets import register_secrets  # type: ignore[import-not-found]  # before 2.22
except ImportError:
    register_secrets = None


def secret_strings(passwords: t.Iterable[str], public: t.Iterable[str]) -> set[str]:
    """The passwords and their hashes, but not what the task says openly anyway.

    Masking the name "admin" in a result because the password is "admin" too would give the password away.
    """
    known = set(public)
    found = set()
    for password in passwords:
        if password:
            found |= {password, dvrip_proto.sofia_hash(password)}
    return found - known


def leaves(tree: t.Any) -> t.Iterator[str]:
    """Every text in a tree of options."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from leaves(value)
    elif isinstance(tree, list | tuple | set):
        for value in tree:
            yield from leaves(value)


def open_leaves(options: t.Any, spec: t.Mapping[str, t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """Every text in options that their argument spec does not call secret."""
    for item in options if isinstance(options, list) else [options]:
        for name, value in item.items() if isinstance(item, dict) else ():
            option = spec.get(name, {})
            if option.get("options") and value:
                yield from open_leaves(value, option["options"])
            elif not option.get("no_log"):
                yield from leaves(value)


def hidden_leaves(tree: t.Any, redacted: t.Any) -> t.Iterator[str]:
    """Every text of a tree that its redacted copy does not show."""
    if isinstance(tree, t.Mapping) and isinstance(redacted, t.Mapping):
        for key, value in tree.items():
            yield from hidden_leaves(value, redacted.get(key))
    elif isinstance(tree, list) and isinstance(redacted, list) and len(tree) == len(redacted):
        for value, shown in zip(tree, redacted, strict=True):
            yield from hidden_leaves(value, shown)
    elif tree != redacted:
        yield from leaves(tree)


def censor(result: dict[str, t.Any], secrets: set[str]) -> dict[str, t.Any]:
    """The result with every secret masked, the way this version of ansible-core wants it."""
    if register_secrets is not None:
        register_secrets(secrets)
        return result
    from ansible.module_utils.common.parameters import remove_values

    words = {secret for secret in secrets if len(secret) < _LONG and secret.isalnum()}
    shown = without_words(result, words) if words else result
    censored: dict[str, t.Any] = remove_values(shown, secrets - words)
    # A boolean says nothing secret, but "True" may happen to be a password.
    return censored | {key: value for key, value in result.items() if isinstance(value, bool)}


def without_words(tree: t.Any, words: t.Collection[str]) -> t.Any:
    """A copy in which each of the words is masked, where it is not a part of a longer one.

    A password such as 1 or 0000 is in every number of a firmware: masked there, it would spoil what plays compare.
    """
    told = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    found = re.compile(rf"(?<![^\W_])(?:{told})(?![^\W_])")

    def masked(one: t.Any) -> t.Any:
        if isinstance(one, str):
            return found.sub(_MASK, one) if found.search(one) else one
        if isinstance(one, dict):
            return {key: masked(value) for key, value in one.items()}
        if isinstance(one, list | tuple):
            return [masked(value) for value in one]
        return one

    return masked(tree)
