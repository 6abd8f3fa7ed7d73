"""What a stranger calls himself is text wherever Home Assistant shows it."""

from __future__ import annotations

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from custom_components.dvrip.const import DOMAIN
from custom_components.dvrip.discovery import async_scan
from custom_components.dvrip.found import Found
from custom_components.dvrip.inert import error_text, inert
from dvrip_proto import ProtocolError
from dvrip_proto.simulator import Simulator
from tests.homeassistant.world import Air, entry_for, report, set_up, until

HOSTILE = (
    "![x](http://127.0.0.1:9999/pixel.png) [**Session expired: sign in again**](http://127.0.0.1:9999/phish)"
)
MARKS = "[]<>*`|\\~"


def flows(hass: HomeAssistant) -> list[dict]:
    return hass.config_entries.flow.async_progress_by_handler(DOMAIN)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Gate", "Gate"),
        ("Front_Door 2 (east) & more!", "Front_Door 2 (east) & more!"),
        ("Tür 门 🚪", "Tür 门 🚪"),
        ("_now_ __bold__", "now bold"),
        ("http://evil/x www.evil.com a@evil.com", "http:∕∕evil/x www·evil.com a＠evil.com"),
        ("HTTPS:///evil WWW.evil.com", "HTTPS:∕∕evil www·evil.com"),
        ("# heading", "heading"),
        ("- list", "list"),
        ("1. list", "1 list"),
        ("<b>x</b><img src=//x>", "‹b›x‹/b›‹img src=//x›"),
        ("a\nb\x1b[31mc\x9b\u202ed\u2028e\x7f", "a b(31mcd e"),
        (7, "7"),
        (None, ""),
        (["x"], ""),
        ("x" * 12_000, "x" * 63 + "…"),
    ],
)
def test_text_of_a_device_is_inert(said: object, shown: str) -> None:
    assert inert(said) == shown


def test_an_error_that_quotes_a_device_is_inert_too() -> None:
    shown = error_text(ProtocolError(f"192.0.2.7:34567: {HOSTILE} " + "y" * 900))
    assert shown.startswith("192.0.2.7:34567: !(x)(http:∕∕127.0.0.1")
    assert len(shown) <= 256
    assert not set(MARKS) & set(shown)


async def test_a_hostile_name_is_text_in_its_card_and_its_dialog(hass: HomeAssistant, air: Air) -> None:
    air.devices = [report(hostname=HOSTILE)]
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: len(flows(hass)) == 1)
    [flow] = flows(hass)
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    for name in (flow["context"]["title_placeholders"]["name"], shown["description_placeholders"]["name"]):
        assert not set(MARKS) & set(name)
        assert "://" not in name
        assert 0 < len(name) <= 64


async def test_hostile_titles_are_text_in_the_device_registry(
    hass: HomeAssistant, recorder: Simulator
) -> None:
    recorder.state.config["ChannelTitle"] = [HOSTILE, "<img src=x>", "a\x1b]0;x\x07", "_" * 99]
    await set_up(hass, entry_for(recorder))
    names = [device.name for device in dr.async_get(hass).devices]
    assert len(names) == 5
    for name in names:
        assert name
        assert name.isprintable()
        assert len(name) <= 64
        assert not set(MARKS) & set(name)


@pytest.mark.parametrize(
    "serial",
    ["a" * 9026, "a\x1b[2J", "a\nb", "<b>", "[x](http://e)", "ser ial", "é", "a" * 65, "." * 64 + "."],
)
async def test_a_serial_number_that_is_none_decides_nothing(
    hass: HomeAssistant, air: Air, serial: str
) -> None:
    air.devices = [report(serial)]
    [found] = await async_scan(hass, 1.0)
    assert found.unique_id == "00:12:34:56:78:91"


async def test_two_thousand_devices_that_nobody_has_are_sixty_four_cards(
    hass: HomeAssistant, air: Air
) -> None:
    air.devices = [report(f"{n:016x}", host=f"10.0.{n // 250}.{n % 250 + 1}", mac="") for n in range(2000)]
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: len(flows(hass)) >= 64)
    await hass.async_block_till_done()
    assert len(flows(hass)) == 64


async def test_one_host_is_few_devices(hass: HomeAssistant, air: Air) -> None:
    air.devices = [report(f"{n:016x}", mac="") for n in range(500)]
    assert await async_setup_component(hass, DOMAIN, {DOMAIN: None})
    await until(lambda: len(flows(hass)) >= 4)
    await hass.async_block_till_done()
    assert len(flows(hass)) == 4


async def test_a_report_is_kept_at_a_bounded_size(hass: HomeAssistant, air: Air) -> None:
    air.devices = [report("a" * 9000, hostname="n" * 12_000, mac="m" * 9000)]
    [found] = await async_scan(hass, 1.0)
    assert found == Found(
        host="127.0.0.1", port=34567, name="n" * 63 + "…", unique_id="127.0.0.1:34567", mac=None, model="24/1"
    )
