"""Objects of accounts. They have message ids of their own; features/accounts/users.py reads and writes them."""

from __future__ import annotations

from ..kinds import BOOL
from ..lists import Set
from ..spec import Field, Spec
from ..texts import TEXT, Text
from .shared_rows import reported

# Names and passwords have 32 bytes on most devices (SDK limit).
_NAME = Text(32)
_AUTHORITIES = Field(Set(TEXT), title="What the holder may do")

USER = Spec(
    name="User",
    title="User account",
    fields={
        "AuthorityList": _AUTHORITIES,
        "Group": Field(_NAME, title="Group"),
        "Memo": Field(Text(64), title="Remark"),
        "Name": Field(_NAME, title="Name"),
        "NoMD5": Field(Text(secret=True), title="Password in clear"),
        "Password": Field(Text(secret=True), title="Hash of the password"),
        "PasswordV2": Field(Text(secret=True), title="Second hash of the password"),
        "Reserved": reported("Cannot be removed"),
        "Sharable": Field(BOOL, title="Several sessions at once"),
    },
)
GROUP = Spec(
    name="Group",
    title="User group",
    fields={
        "AuthorityList": _AUTHORITIES,
        "Memo": Field(Text(64), title="Remark"),
        "Name": Field(_NAME, title="Name"),
    },
)
