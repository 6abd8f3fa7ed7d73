"""Words of requests that firmware knows. It reads one that it does not know as the last one of its table.

Source: the vendor's own conversion between JSON and structures, in a public camera firmware that is built on it
(lhySilver/rk_gb, Package/exchange: `CKeyExchange::exchange` and the tables of NetIPOperation.cpp).
"""

from __future__ import annotations

from typing import Any

from dvrip_proto import KEYS, LogKind
from dvrip_proto.features.ptz import DIRECTIONS
from dvrip_proto.wire.ids import MessageId
from tests.device.conftest import scripted

_PTZ = """DirectionUp DirectionDown DirectionLeft DirectionRight DirectionLeftUp DirectionLeftDown
DirectionRightUp DirectionRightDown ZoomWide ZoomTile FocusNear FocusFar IrisLarge IrisSmall Alarm LightOn LightOff
SetPreset ClearPreset GotoPreset AutoPanOn AutoPanOff SetLimitLeft SetLimitRight AutoScanOn AutoScanOff AddTour
DeleteTour StartTour StopTour ClearTour Position Aux Menu Flip Reset"""
_LOGS = "LogAll LogSystem LogConfig LogStorage LogAlarm LogRecord LogAccount LogFile"
_KEYS = """10Plus Up Down Left Right Shift PageUp PageDown Enter Esc Func Play Back Stop Fast Slow Next Prev Record
Search Info Alarm Address Backup SPLIT SPLIT1 SPLIT4 SPLIT8 SPLIT9 SPLIT16 SPLIT25 SPLIT32 ShutDown Menu PTZ ZoomTele
ZoomWide IrisSmall IrisLarge FocusNear FocusFar Brush Light Preset GotoPreset DelPrest Pattern AutoScan AutoTour
AutoPan"""


async def test_every_command_of_a_drive_is_in_the_table() -> None:
    sent: list[tuple[str, Any]] = []

    async def answer(_link: object, message_id: int, body: dict[str, Any]) -> dict[str, Any]:
        if message_id == MessageId.PTZ:
            told = body["OPPTZControl"]
            sent.append((told["Command"], told["Parameter"]["AUX"]))
        return {}

    async with scripted(answer) as device:
        ptz = device.ptz
        for on in (True, False):
            await ptz.auxiliary(2, on=on)
        for call in (ptz.goto_preset, ptz.set_preset, ptz.clear_preset):
            await call(1)
        for call in (ptz.start_tour, ptz.stop_tour, ptz.clear_tour):
            await call(1)
        for change in (ptz.add_stop, ptz.remove_stop):
            await change(1, 2)
    assert sent[:2] == [("Aux", {"Number": 2, "Status": "On"}), ("Aux", {"Number": 2, "Status": "Off"})]
    assert {*DIRECTIONS.values(), *(command for command, _ in sent)} <= set(_PTZ.split())


def test_every_kind_of_log_is_in_the_table() -> None:
    assert {kind.value for kind in LogKind} == set(_LOGS.split())


def test_every_key_is_in_the_table() -> None:
    assert set(KEYS) == {*(str(digit) for digit in range(17)), *_KEYS.split()}
