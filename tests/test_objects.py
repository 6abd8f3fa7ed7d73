"""The page of configuration objects is what the catalog says."""

from dvrip_proto import CATALOG
from tools.object_table import PAGE, page, shared


def test_the_page_is_what_the_tool_writes():
    assert PAGE.read_text("utf-8") == page(), "run python tools/object_table.py"


def test_every_object_and_field_is_on_it():
    text = page()
    for spec in CATALOG.values():
        section = text.partition(f"\n## {spec.name}\n")[2].partition("\n## ")[0]
        assert spec.title in section
        for path, field in spec.fields.items():
            if shared(path, field):
                assert "[EventHandler](#eventhandler)" in section
                continue
            (row,) = [line for line in section.splitlines() if line.startswith(f"| `{path or '(itself)'}` |")]
            assert ("secret" in row.rpartition(" | ")[2]) == field.kind.secret
