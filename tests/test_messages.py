"""Every message of the protocol has a call that is tested, or a reason why it is never sent."""

import re
from pathlib import Path

import pytest

from dvrip_proto.wire.ids import NEVER_SENT, MessageId
from tools import message_table
from tools.message_table import CALLS, PAGE, RAW, expected, gives, name_of, page, resolve, where_tested

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


def test_every_message_has_a_call_or_is_never_sent():
    assert expected() - CALLS.keys() - NEVER_SENT.keys() == set()
    assert CALLS.keys() & NEVER_SENT.keys() == set()


@pytest.mark.parametrize("message", CALLS, ids=lambda message: f"{message} {name_of(message)}")
def test_a_call_exists_and_its_message_is_used(message):
    call = CALLS[message]
    assert callable(resolve(call))
    assert gives(call) not in {"`_empty`", "`Any`", "`object`"}
    if message in BY_NUMBER or message in RECEIVED | IN_WIRE or call is RAW:
        return
    used = re.compile(rf"MessageId\.{name_of(message)}\b")
    sources = [path for path in LIBRARY.rglob("*.py") if not {"wire", "simulator"} & set(path.parts)]
    assert any(used.search(path.read_text("utf-8")) for path in sources), f"nothing sends {name_of(message)}"


@pytest.mark.parametrize("message", NEVER_SENT, ids=str)
def test_what_is_never_sent_has_a_reason_and_no_sender(message):
    assert re.fullmatch(r"\S.{10,}", NEVER_SENT[message])
    if message in MessageId:
        used = re.compile(rf"MessageId\.{MessageId(message).name}\b")
        sources = [
            path for path in LIBRARY.rglob("*.py") if not {"wire", "simulator", "cli"} & set(path.parts)
        ]
        assert not [path.name for path in sources if used.search(path.read_text("utf-8"))]


def test_every_call_is_tested():
    untested = sorted({call.written for call in CALLS.values() if not where_tested(call)})
    assert untested == [], "calls that no test makes"


def test_no_cell_of_the_page_is_empty_or_torn():
    rows = [line for line in page().splitlines() if re.match(r"\| \d", line)]
    assert len(rows) == len(CALLS) + len(NEVER_SENT)
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == (3 if int(cells[0]) in NEVER_SENT else 5), row
        assert all(cells), row


def test_the_page_is_what_the_tool_writes():
    assert PAGE.read_text("utf-8") == page(), "run python tools/message_table.py"
