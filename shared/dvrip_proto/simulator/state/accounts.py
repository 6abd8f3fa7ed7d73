"""Users and groups of one device, with the rules real devices enforce.

A user's rights are within his group's, a group's within the device's (213); reserved accounts, the last
administrator and accounts in use are not removed (216, 212).
"""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Collection, Mapping
from typing import Any, Final

from ...wire.digest import sofia_hash
from ..profile import Profile, expand_rights

OK: Final = 100
_BAD_FORMAT: Final = 101
_BAD_INPUT: Final = 208
_IN_USE: Final = 212
_BEYOND: Final = 213
_BAD_PASSWORD: Final = 214
_RESERVED: Final = 216
_MAX_USERS: Final = 60
_MAX_GROUPS: Final = 50
_MAX_NAME: Final = 32

# What a name that exists, a missing user, a missing group and a wrong old password are answered with.
_CODES: Final[Mapping[str, Mapping[str, int]]] = {
    "new": {"user_exists": 209, "group_exists": 209, "no_user": 210, "no_group": 211, "wrong": 203},
    "old": {"user_exists": 112, "group_exists": 114, "no_user": 113, "no_group": 115, "wrong": 106},
}

type Entry = dict[str, Any]


class Accounts:
    """Users and groups by name, in the spelling of the wire; `Password` holds the hash."""

    def __init__(self, profile: Profile, channels: int, passwords: Mapping[str, str] | None) -> None:
        self._profile: Profile = profile
        self._channels = channels
        self._passwords = passwords
        self._codes = _CODES[profile.flag("account_codes")]
        self._failures: dict[str, tuple[int, float]] = {}
        self.rights = profile.rights(channels)
        self.users: dict[str, Entry] = {}
        self.groups: dict[str, Entry] = {}
        self.restore()

    def restore(self) -> None:
        """Return to the accounts this device came with."""
        self.groups = {group["Name"]: self._group(group) for group in self._profile.data["groups"]}
        templates = {user["Name"]: user for user in self._profile.data["users"]}
        if self._passwords is None:
            self.users = {name: self._user(user) for name, user in templates.items()}
            return
        self.users = {}
        for index, (name, password) in enumerate(self._passwords.items()):
            template = {**templates["admin"], "Name": name, "Memo": f"{name} 's account"}
            if index:
                template |= {"Group": "user", "Reserved": False}
            self.users[name] = {**self._user(template), "Password": sofia_hash(password)}

    def load(self, users: Mapping[str, Entry], groups: Mapping[str, Entry]) -> None:
        """Take over accounts that were kept; ValueError for some that no device could have."""
        for kind, entries, keys in (("user", users, _USER_KEYS), ("group", groups, _GROUP_KEYS)):
            for name, entry in entries.items():
                if entry["Name"] != name or not set(keys) <= entry.keys():
                    raise ValueError(f"{kind} {name}: incomplete")
        for name, group in groups.items():
            if not self._within(group["AuthorityList"], self.rights):
                raise ValueError(f"group {name}: rights that this device does not know")
        before, self.groups = self.groups, copy.deepcopy(dict(groups))
        wrong = [name for name, user in users.items() if self._check_user(user) != OK]
        if wrong or not self._has_administrator(users):
            self.groups = before
            raise ValueError(f"user {wrong[0]}: not possible" if wrong else "users: no administrator")
        self.users = copy.deepcopy(dict(users))

    def verify(self, name: str, password_hash: str, *, lock_after: int | None, lock_s: float) -> int:
        """Check a login: 100, 203 wrong password, 205 unknown user or locked account."""
        user = self.users.get(name)
        if user is None or self._is_locked(name):
            return 205
        if password_hash == user["Password"]:
            self._failures.pop(name, None)
            return OK
        count = self._failures.get(name, (0, 0.0))[0] + 1
        locked = lock_after is not None and count >= lock_after
        self._failures[name] = (0 if locked else count, time.monotonic() + lock_s if locked else 0.0)
        return 203

    def password(self, name: str) -> str | None:
        """The password while it is the one that the device came with: of others only the hash is known."""
        known = "" if self._passwords is None else self._passwords.get(name)
        user = self.users.get(name)
        return known if known is not None and user and user["Password"] == sofia_hash(known) else None

    def may(self, name: str, right: str) -> bool:
        """Whether a user has a right; rights that this device does not know are everybody's."""
        return right not in self.rights or right in self.users.get(name, {}).get("AuthorityList", ())

    def add_user(self, user: object) -> int:
        """Add an account as a client describes it."""
        if not isinstance(user, dict) or not _is_name(user.get("Name")):
            return _BAD_FORMAT if not isinstance(user, dict) else _BAD_INPUT
        if user["Name"] in self.users:
            return self._codes["user_exists"]
        if len(self.users) >= _MAX_USERS:
            return _BAD_INPUT
        group = self.groups.get(str(user.get("Group")))
        if group is None:
            return self._codes["no_group"]
        entry = self._new_user({"AuthorityList": group["AuthorityList"], **user})
        code = self._check_user(entry)
        if code == OK:
            self.users[entry["Name"]] = entry
        return code

    def modify_user(self, name: object, changes: object) -> int:
        """Change an account: an empty password keeps the old one."""
        if not isinstance(changes, dict) or not isinstance(name, str):
            return _BAD_FORMAT
        old = self.users.get(name)
        if old is None:
            return self._codes["no_user"]
        entry: Entry = {
            **old,
            **{key: value for key, value in changes.items() if key in old},
            "Reserved": old["Reserved"],
        }
        entry["Password"] = changes.get("Password") or old["Password"]
        if entry["Name"] != name and entry["Name"] in self.users:
            return self._codes["user_exists"]
        if old["Reserved"] and (entry["Name"], entry["Group"]) != (name, old["Group"]):
            return _RESERVED
        code = self._check_user(entry)
        if code == OK and not self._has_administrator({**self.users, name: entry}):
            code = _RESERVED
        if code == OK:
            self.users = {entry["Name"] if key == name else key: value for key, value in self.users.items()}
            self.users[entry["Name"]] = entry
        return code

    def delete_user(self, name: object, *, in_use: Collection[str]) -> int:
        """Remove an account that is neither reserved, nor in use, nor the last administrator's."""
        if not isinstance(name, str) or not name:
            return _BAD_FORMAT
        if name not in self.users:
            return self._codes["no_user"]
        if self.users[name]["Reserved"]:
            return _RESERVED
        if name in in_use:
            return _IN_USE
        rest = {key: value for key, value in self.users.items() if key != name}
        if not self._has_administrator(rest):
            return _RESERVED
        self.users = rest
        return OK

    def change_password(self, name: object, old: object, new: object) -> int:
        """Exchange a password hash."""
        user = self.users.get(str(name))
        if user is None or user["Password"] != old:
            return self._codes["wrong"]
        if not _is_hash(new):
            return _BAD_PASSWORD
        user["Password"] = new
        return OK

    def add_group(self, group: object) -> int:
        """Add a group as a client describes it."""
        if not isinstance(group, dict):
            return _BAD_FORMAT
        if not _is_name(group.get("Name")) or len(self.groups) >= _MAX_GROUPS:
            return _BAD_INPUT
        if group["Name"] in self.groups:
            return self._codes["group_exists"]
        entry = {"AuthorityList": [], "Memo": "", **{key: group[key] for key in _GROUP_KEYS if key in group}}
        if not self._within(entry["AuthorityList"], self.rights):
            return _BEYOND
        self.groups[entry["Name"]] = entry
        return OK

    def modify_group(self, name: object, changes: object) -> int:
        """Change a group; its users' rights stay within it."""
        if not isinstance(changes, dict) or not isinstance(name, str):
            return _BAD_FORMAT
        old = self.groups.get(name)
        if old is None:
            return self._codes["no_group"]
        entry = {**old, **{key: changes[key] for key in _GROUP_KEYS if key in changes}}
        if not _is_name(entry["Name"]):
            return _BAD_INPUT
        if entry["Name"] != name and entry["Name"] in self.groups:
            return self._codes["group_exists"]
        if entry["Name"] != name and name in self._reserved_groups():
            return _RESERVED
        members = [user for user in self.users.values() if user["Group"] == name]
        if not self._within(entry["AuthorityList"], self.rights) or not all(
            self._within(user["AuthorityList"], entry["AuthorityList"]) for user in members
        ):
            return _BEYOND
        self.groups = {entry["Name"] if key == name else key: value for key, value in self.groups.items()}
        self.groups[entry["Name"]] = entry
        for user in members:
            user["Group"] = entry["Name"]
        return OK

    def delete_group(self, name: object) -> int:
        """Remove a group without users."""
        if not isinstance(name, str) or not name:
            return _BAD_FORMAT
        if name not in self.groups:
            return self._codes["no_group"]
        if name in self._reserved_groups():
            return _RESERVED
        if any(user["Group"] == name for user in self.users.values()):
            return _IN_USE
        del self.groups[name]
        return OK

    def _check_user(self, entry: Entry) -> int:
        if not _is_name(entry["Name"]):
            return _BAD_INPUT
        group = self.groups.get(entry["Group"])
        if group is None:
            return self._codes["no_group"]
        if not self._within(entry["AuthorityList"], group["AuthorityList"]):
            return _BEYOND
        return OK if _is_hash(entry["Password"]) else _BAD_PASSWORD

    def _within(self, rights: object, limit: Collection[str]) -> bool:
        return isinstance(rights, list) and all(isinstance(right, str) and right in limit for right in rights)

    def _has_administrator(self, users: Mapping[str, Entry]) -> bool:
        return any("Account" in user["AuthorityList"] for user in users.values())

    def _reserved_groups(self) -> set[str]:
        return {group["Name"] for group in self._profile.data["groups"]}

    def _is_locked(self, name: str) -> bool:
        return time.monotonic() < self._failures.get(name, (0, 0.0))[1]

    def _group(self, template: Entry) -> Entry:
        rights = template["AuthorityList"]
        listed = list(self.rights) if rights == "*" else expand_rights(rights, self._channels)
        return {**copy.deepcopy(template), "AuthorityList": listed}

    def _user(self, template: Entry) -> Entry:
        rights = template.get("AuthorityList", self.groups[template["Group"]]["AuthorityList"])
        return {**copy.deepcopy(template), "AuthorityList": expand_rights(list(rights or ()), self._channels)}

    def _new_user(self, user: Entry) -> Entry:
        entry: Entry = {
            "Memo": "",
            "Reserved": False,
            "Sharable": True,
            **{key: user[key] for key in _USER_KEYS if key in user},
        }
        entry["Password"] = entry.get("Password") or sofia_hash("")
        if "NoMD5" in self._profile.data["users"][0]:
            entry["NoMD5"] = None
        return {**entry, "Reserved": False}


_USER_KEYS: Final = ("AuthorityList", "Group", "Memo", "Name", "Password", "Reserved", "Sharable")
_GROUP_KEYS: Final = ("AuthorityList", "Memo", "Name")
_HASH: Final = re.compile(r"[0-9A-Za-z]{8}")


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.strip() == value != "" and len(value.encode()) <= _MAX_NAME
