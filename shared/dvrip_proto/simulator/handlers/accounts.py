"""Users, groups and passwords. All need the right `Account`, except changing one's own password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ...values import Json
from ...wire.digest import sofia_hash
from ...wire.ids import MessageId
from .request import NO_RIGHT, OK, Answer, Handler, Request, reply

type _Change = Callable[[Request], tuple[int, str]]
"""Changes the accounts: the return code and the account's name for the log."""


def _guarded(list_name: str, value: Callable[[Request], Json]) -> Handler:
    def handler(request: Request) -> Answer:
        if not request.allows("Account"):
            return reply(NO_RIGHT, list_name)
        return reply(OK, list_name, **{list_name: value(request)})

    return handler


def _change(kind: str, change: _Change) -> Handler:
    def handler(request: Request) -> Answer:
        if not request.allows("Account"):
            return reply(NO_RIGHT)
        ret, name = change(request)
        if ret == OK:
            request.state.journal.add(kind, "", name)
        return reply(ret)

    return handler


def _name_in(tree: object, default: object = "") -> str:
    name = tree.get("Name", default) if isinstance(tree, dict) else default
    return str(name)


def _described(request: Request, key: str) -> object:
    """The user or group of a request; some clients put it one level down, under the request's name."""
    return request.body.get(key, request.member(request.name).get(key))


def _add_user(request: Request) -> tuple[int, str]:
    user = _described(request, "User")
    return request.state.accounts.add_user(user), _name_in(user)


def _modify_user(request: Request) -> tuple[int, str]:
    old, user = request.body.get("UserName"), request.body.get("User")
    ret = request.state.accounts.modify_user(old, user)
    if ret == OK:
        request.unit.rename_user(str(old), _name_in(user, old))
    return ret, str(old)


def _delete_user(request: Request) -> tuple[int, str]:
    name = request.body.get("Name")
    return request.state.accounts.delete_user(name, in_use=request.unit.sessions.users()), str(name)


def _add_group(request: Request) -> tuple[int, str]:
    group = _described(request, "Group")
    return request.state.accounts.add_group(group), _name_in(group)


def _modify_group(request: Request) -> tuple[int, str]:
    old = request.body.get("GroupName")
    return request.state.accounts.modify_group(old, request.body.get("Group")), str(old)


def _delete_group(request: Request) -> tuple[int, str]:
    name = request.body.get("Name")
    return request.state.accounts.delete_group(name), str(name)


def _change_password(request: Request) -> Answer:
    name, body = request.body.get("UserName"), request.body
    if name != request.user and not request.allows("Account"):
        return reply(NO_RIGHT)
    if request.unit.quirks.ignore_password_change:
        return reply(OK)
    old, new = body.get("PassWord"), body.get("NewPassWord")
    if body.get("EncryptType") == "NONE":
        old, new = sofia_hash(str(old)), sofia_hash(str(new))
    ret = request.state.accounts.change_password(name, old, new)
    if ret == OK:
        request.state.journal.add("ModifyPassword", "", str(name))
    return reply(ret)


TABLE: Final[dict[int, Handler]] = {
    MessageId.AUTHORITIES_GET: _guarded("AuthorityList", lambda request: list(request.state.accounts.rights)),
    MessageId.USERS_GET: _guarded("Users", lambda request: list(request.state.users.values())),
    MessageId.GROUPS_GET: _guarded("Groups", lambda request: list(request.state.groups.values())),
    MessageId.GROUP_ADD: _change("AddGroup", _add_group),
    MessageId.GROUP_MODIFY: _change("ModifyGroup", _modify_group),
    MessageId.GROUP_DELETE: _change("DeleteGroup", _delete_group),
    MessageId.USER_ADD: _change("AddUser", _add_user),
    MessageId.USER_MODIFY: _change("ModifyUser", _modify_user),
    MessageId.USER_DELETE: _change("DeleteUser", _delete_user),
    MessageId.PASSWORD_MODIFY: _change_password,
}
