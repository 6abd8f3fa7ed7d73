"""The page of settings is what the rows say."""

from dvrip_proto import CONTROLS
from tools.settings_table import PAGE, page


def test_the_page_is_what_the_tool_writes():
    assert PAGE.read_text("utf-8") == page(), "run python tools/settings_table.py"


def test_every_setting_is_on_it_once():
    text = page()
    for row in CONTROLS:
        assert text.count(f"`{row.key}`") == 1
        assert row.title in text
