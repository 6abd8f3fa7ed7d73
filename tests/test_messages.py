"""Every message of the protocol has a call that is tested, or a reason."""

import re
from pathlib import Path

import pytest

from dvrip_proto.wire.ids import MessageId
from tools import message_table
from tools.message_table import CALLS, PAGE, WITHOUT, expected, page, resolve, where_tested

LIBRARY = Path(message_table.ROOT) / "shared" / "dvrip_proto"
# Numbers that the catalog names as numbers, and messages that are told apart by no name.
BY_NUMBER = {1040, 1046, 1048}
RECEIVED = {
    MessageId.MONITOR_DATA,
    MessageId.PLAYBACK_DATA,
    MessageId.DOWNLOAD_DATA,
    MessageId.TALK_DEVICE_DATA,
}
# Sent by every probe.
IN_WIRE = {MessageId.DISCOVERY}


def test_every_message_has_a_call_or_a_reason():
    known = {int(message) for message in CALLS} | set(WITHOUT)
    assert expected() - known == set()
    assert {int(message) for message in CALLS} & set(WITHOUT) == set()


def test_reasons_say_never_or_not_yet():
    assert [why for why in WITHOUT.values() if not re.match(r"(Never|Not yet): \w", why)] == []


@pytest.mark.parametrize("message", CALLS, ids=lambda message: message.name)
def test_a_call_exists_and_its_message_is_used(message):
    assert callable(resolve(CALLS[message]))
    if message.value in BY_NUMBER or message in RECEIVED | IN_WIRE:
        return
    used = re.compile(rf"MessageId\.{message.name}\b")
    sources = [path for path in LIBRARY.rglob("*.py") if not {"wire", "simulator"} & set(path.parts)]
    assert any(used.search(path.read_text("utf-8")) for path in sources), f"nothing sends {message.name}"


@pytest.mark.parametrize("message", WITHOUT, ids=str)
def test_what_has_no_call_is_not_sent(message):
    if message in {member.value for member in MessageId}:
        used = re.compile(rf"MessageId\.{MessageId(message).name}\b")
        sources = [path for path in LIBRARY.rglob("*.py") if not {"wire", "simulator"} & set(path.parts)]
        assert not [path.name for path in sources if used.search(path.read_text("utf-8"))]


def test_every_call_is_tested():
    untested = sorted({call.written for call in CALLS.values() if next(where_tested(call), None) is None})
    assert untested == [], "calls that no test makes"


def test_the_page_is_what_the_tool_writes():
    assert PAGE.read_text("utf-8") == page(), "run python tools/message_table.py"
