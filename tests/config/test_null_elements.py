import pytest

from dvrip_proto.config.catalog import CATALOG, setting
from dvrip_proto.config.plan import plan
from dvrip_proto.errors import UsageError


class TestNull:
    """Recorders pad lists with null; an empty list of presets is null."""

    DHCP = CATALOG["NetWork.NetDHCP"]
    NETS = ({"Enable": True, "Interface": "eth0"}, None, {"Enable": 0, "Interface": "bond0"}, None, None)

    @pytest.mark.parametrize(
        ("wish", "changes"),
        [
            (list(NETS), []),
            ([None, None, {"Enable": True}], ["[Interface=bond0].Enable: false -> true"]),
            ([{"Interface": "bond0", "Enable": True}], ["[Interface=bond0].Enable: false -> true"]),
            ([{"Enable": False}], ["[Interface=eth0].Enable: true -> false"]),
            ([*NETS[:2], {"Enable": 1, "Interface": "bond0"}, None, None], ["[Interface=bond0].Enable: false -> true"]),
        ],
    )  # fmt: skip
    def test_stays_at_its_place_and_is_no_name(self, wish, changes):
        for options in ({}, {"replace": True}) if len(wish) == len(self.NETS) else ({},):
            found = plan(self.DHCP, list(self.NETS), wish, **options)
            assert found.summary() == changes
            assert [at for at, net in enumerate(found.payload) if net is None] == [1, 3, 4]

    def test_a_setting_by_place_is_what_a_plan_understands(self):
        wish = setting("NetWork.NetDHCP", "[2].Enable").patch(True)
        assert plan(self.DHCP, list(self.NETS), wish).payload[2] == {"Enable": 1, "Interface": "bond0"}
        wish = setting("NetWork.NetDHCP", "[Interface=eth0].Enable").patch(False)
        assert plan(self.DHCP, list(self.NETS), wish).payload[0] == {"Enable": False, "Interface": "eth0"}

    @pytest.mark.parametrize("path", ["[1].Enable", "[9].Enable"])
    def test_a_place_where_nothing_is_cannot_be_set(self, path):
        with pytest.raises(UsageError, match="every element needs its 'Interface'"):
            plan(self.DHCP, list(self.NETS), setting("NetWork.NetDHCP", path).patch(True))

    @pytest.mark.parametrize("listed", [True, False])
    def test_the_first_preset_of_a_channel_that_has_none(self, listed):
        presets = CATALOG["Uart.PTZPreset"]
        found = plan(
            presets, [None, None] if listed else None, [{"Id": 1, "Name": "Door"}], channel=1, listed=listed
        )
        made = [{"Id": 1, "Name": "Door"}]
        assert found.payload == ([None, made] if listed else made)
        assert "channel 2: [Id=1].Name: none -> Door" in found.summary()
