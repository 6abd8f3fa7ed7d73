"""Objects and abilities that the protocol's reference shows of one camera, spelt as it shows them."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto.simulator import Simulator
from tests.simulator.raw import Raw
from tests.simulator.recorded import asks, spelled

_POINTS = [{"X": 100, "Y": 100}, {"X": 8100, "Y": 100}, {"X": 8100, "Y": 8100}, {"X": 100, "Y": 8100}]
_RULE = {
    "Enable": True,
    "RuleLine": {"AlarmDirect": 2, "Pts": {"StartX": 100, "StartY": 100, "StopX": 8100, "StopY": 8100}},
    "RuleRegion": {"AlarmDirect": 2, "Pts": _POINTS, "PtsNum": 4},
    "RuleType": 1,
}
_COLOUR = {
    "Acutance": 3848,
    "Brightness": 50,
    "Contrast": 50,
    "Gain": 0,
    "Hue": 50,
    "Saturation": 50,
    "Whitebalance": 128,
}
_WHITE = {"EHour": 6, "EMinute": 0, "Enable": 1, "SHour": 18, "SMinute": 0}
_VIDEO = {"BitRateControl": "VBR", "GOP": 1, "Quality": 3}

OBJECTS: list[tuple[str, Any]] = [
    ("AVEnc.SmartH264", [{"SmartH264": True}]),
    (
        "AVEnc.SmartH264V2.[0]",
        {
            "Smart264PlusV2": [{"SmartH264Plus": on} for on in (1, 1, 0, 0, 0)],
            "Smart264V2": [{"SmartH264": on} for on in (True, True, False, False, False)],
        },
    ),
    (
        "AVEnc.VideoColor.[0].[0]",
        {"Enable": True, "TimeSection": "0 00:00:00-24:00:00", "VideoColorParam": _COLOUR},
    ),
    ("BrowserLanguage", {"BrowserLanguageType": 0}),
    ("Camera.ClearFog", [{"enable": False, "level": 50}]),
    (
        "Camera.WhiteLight",
        {"MoveTrigLight": {"Duration": 60, "Level": 3}, "WorkMode": "Auto", "WorkPeriod": _WHITE},
    ),
    ("Detect.HumanDetection.[0].PedRule", [_RULE, *[{**_RULE, "Enable": False}] * 3]),
    ("Detect.HumanDetection.[0].PushInterval", 3000),
    ("Detect.LossDetect.[0].Level", None),
    ("Detect.LossDetect.[0].Region", None),
    (
        "General.PwdSafety",
        {
            "PwdReset": [{"QuestionAnswer": "", "QuestionIndex": 0}] * 4,
            "SecurityEmail": "",
            "TipPageHide": False,
        },
    ),
    ("General.AutoMaintain", {"AutoDeleteFilesDays": 0, "AutoRebootDay": "Tuesday", "AutoRebootHour": 3}),
    ("NetWork.IPAdaptive", {"IPAdaptive": True}),
    ("NetWork.NetOrder", {"Enable": False, "NetCount": 1, "NetOrder": [{"NetOrder": 0, "NetType": 0}]}),
    ("NetWork.OnvifPwdCheckout", {"Enable": False}),
    (
        "NetWork.Upnp",
        {"Enable": True, "HTTPPort": 80, "MediaPort": 34567, "MobilePort": 0, "State": True},
    ),
    ("Simplify.Encode.[0].ExtraFormat.Video.BitRate", 1024),
    ("Simplify.Encode.[0].ExtraFormat.Video.Resolution", "D1"),
    ("Simplify.Encode.[0].MainFormat.Video.BitRate", 2560),
    ("Simplify.Encode.[0].MainFormat.Video.Resolution", "5M"),
    ("Simplify.Encode.[0].MainFormat.Video.VirtualGOP", 5),
    *((f"Simplify.Encode.[0].{side}Format.Video.{key}", value) for side in ("Main", "Extra") for key, value in _VIDEO.items()),
    ("AVEnc.Encode.[0].MainFormat.[1].Audio", {"BitRate": 10, "MaxVolume": 10, "SampleRate": 10}),
    ("AVEnc.Encode.[0].SnapFormat.[0].Video.FPS", -3600),
]  # fmt: skip

ABILITIES: list[tuple[str, Any]] = [
    ("MultiVstd", "PAL|NTSC"),
    ("SupportExtRecord", {"AbilityPram": "0x00000000"}),
    ("TalkAudioFormat", [{"BitRate": 128, "EncodeType": "G711_ALAW", "SampleBit": 16, "SampleRate": 8000}]),
    ("VideoAbility", {"JpegDec": True, "JpegEnc": True}),
]


@pytest.mark.parametrize(("name", "value"), OBJECTS, ids=lambda each: each if isinstance(each, str) else "")
async def test_an_object_is_as_shown(client: Raw, name: str, value: Any) -> None:
    await _is_shown(client, 1042, name, value)


@pytest.mark.parametrize(("name", "value"), ABILITIES, ids=lambda each: each if isinstance(each, str) else "")
async def test_an_ability_is_as_shown(client: Raw, name: str, value: Any) -> None:
    await _is_shown(client, 1360, name, value)


async def _is_shown(client: Raw, message_id: int, name: str, value: Any) -> None:
    body = {"Name": name, name: value, "Ret": 100, "SessionID": f"0x{client.session:08x}"}
    assert (await client.ask(*asks(message_id, name))).body == spelled(body) + b"\n\0"


async def test_functions_come_in_the_groups_that_are_shown(client: Raw) -> None:
    functions = (await client.named(1360, "SystemFunction")).json["SystemFunction"]
    assert set(functions) == {
        *("AlarmFunction", "CommFunction", "EncodeFunction"),
        *("NetServerFunction", "OtherFunction", "PreviewFunction", "TipShow"),
    }
    assert all(isinstance(flag, bool) for group in functions.values() for flag in group.values())
    misspelt = {"SupportCamareStyle", "SuppportChangeOnvifPort"}
    assert misspelt <= set(functions["OtherFunction"])
    assert "HumanDection" in functions["AlarmFunction"]


async def test_questions_for_a_lost_password_begin_as_shown(client: Raw) -> None:
    questions = (await client.named(1360, "QuestionDelivery")).json["QuestionDelivery"]
    assert len(questions) == 7
    assert questions[:2] == [
        "Please select a question ",
        "What is last five digits of your cell phone number?",
    ]


@pytest.mark.parametrize(
    ("profile", "told"), [("ipc", False), ("hi3516", True), ("nvr", True), ("hvr", True)]
)
async def test_channels_that_do_nothing_are_told_by_all_but_one(profile: str, told: bool) -> None:
    async with Simulator(profile=profile, channels=1) as device:
        client = await Raw.login(device)
        assert await client.put("Record.[0].RecordMode", "ClosedRecord") == 100
        state = (await client.named(1020, "WorkState")).json["WorkState"]
        assert ("ChannelState" in state) == told
