"""The tables of docs/simulator.md are what the simulator is."""

from dataclasses import fields

from dvrip_proto.simulator import Quirks
from dvrip_proto.simulator.profile import profile_names
from tools.quirk_table import PAGE, page


def test_the_page_is_what_the_tool_writes():
    assert PAGE.read_text("utf-8") == page(), "run python tools/quirk_table.py"


def test_every_quirk_and_every_model_has_one_row():
    lines = page().splitlines()
    for name in [*profile_names(), *(quirk.name.replace("_", "-") for quirk in fields(Quirks))]:
        (row,) = [line for line in lines if line.startswith(f"| `{name}` |")]
        cells = row.strip("|").split(" | ")
        assert len(cells) == 4
        assert all(cell.strip() for cell in cells)
