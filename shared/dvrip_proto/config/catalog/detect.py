"""Configuration objects of detection and alarms."""

from __future__ import annotations

from ..areas import REGION
from ..kinds import BOOL, RAW, Choice, Code, Int
from ..lists import Mask
from ..schedule import DAYS
from ..spec import Field, Spec, under
from ..texts import TEXT
from .shared_rows import ENABLE, EVENT_HANDLER, reported

_HANDLER = under("EventHandler", EVENT_HANDLER)
_DETECTOR = {"Enable": ENABLE, **_HANDLER}
_LEVEL = Field(Int(1, 6), title="Sensitivity, 6 is highest")
_REGION = Field(REGION, title="Where it looks: a grid, a row of bits each, the lowest the left column")
_WEEK = Mask(7, DAYS)
_COORDINATE = Int(0, 8191)
_DIRECTION = Code({"forward": 0, "backward": 1, "both": 2})

_RULE = under(
    "PedRule[]",
    {
        "Enable": ENABLE,
        "RuleLine.AlarmDirect": Field(_DIRECTION, title="Direction over the line"),
        "RuleLine.Pts.StartX": Field(_COORDINATE),
        "RuleLine.Pts.StartY": Field(_COORDINATE),
        "RuleLine.Pts.StopX": Field(_COORDINATE),
        "RuleLine.Pts.StopY": Field(_COORDINATE),
        "RuleRegion.AlarmDirect": Field(_DIRECTION, title="Direction into the area"),
        "RuleRegion.Pts[].X": Field(_COORDINATE),
        "RuleRegion.Pts[].Y": Field(_COORDINATE),
        "RuleRegion.PtsNum": Field(Int(0, 16), title="Corners of the area"),
        "SensorIndex": Field(Int(0, 255), title="Lens"),
        "RuleType": Field(Code({"line": 0, "area": 1}), title="Rule"),
    },
)
_HUMAN = {
    "Enable": ENABLE,
    "FaceDetectArea": Field(RAW, title="Area for faces"),
    "FaceExpandFactor": Field(Int(0), title="Margin around faces"),
    "FaceMaxWid": Field(Int(0), title="Widest face"),
    "FaceMinWid": Field(Int(0), title="Narrowest face"),
    "FaceShowTrack": Field(BOOL, title="Draw boxes around faces"),
    "ObjectType": Field(Int(0), title="What is detected, 0 persons"),
    "PedFdrAlg": Field(Int(0), title="Algorithm"),
    "PushInterval": Field(Int(0, None, "ms"), title="Least time between events"),
    "Sensitivity": Field(Int(0, 2), title="Sensitivity"),
    "iShowRule": Field(BOOL, title="Draw the rules"),
    "ShowRule": Field(BOOL, title="Draw the rules"),
    "ShowTrack": Field(BOOL, title="Draw boxes"),
    **_RULE,
    **_HANDLER,
}
_PIR = {
    f"PirTimeSection.PirTimeSection{which}.{key}": row
    for which in ("One", "Two")
    for key, row in {
        "Enable": ENABLE,
        "WeekMask": Field(_WEEK, title="Days"),
        "StartTime": Field(TEXT, title="From"),
        "EndTime": Field(TEXT, title="Until"),
    }.items()
}


def _opaque(name: str, title: str) -> Spec:
    """Row of an analytics object of which only the switch and the linkage are known."""
    return Spec(name=name, title=title, per_channel=True, fields=_DETECTOR)


ROWS: tuple[Spec, ...] = (
    Spec(
        name="Detect.MotionDetect",
        title="Motion detection",
        per_channel=True,
        fields={
            **_DETECTOR,
            **_PIR,
            "AlarmType": Field(Int(0), title="Source of the alarm"),
            "Level": _LEVEL,
            "PIRCheckTime": Field(Int(0, None, "s"), title="Time the sensor must see motion"),
            "PirSensitive": Field(Int(0), title="Sensitivity of the motion sensor"),
            "Region": _REGION,
        },
    ),
    Spec(
        name="Detect.BlindDetect",
        title="Covered lens",
        per_channel=True,
        fields={**_DETECTOR, "Level": _LEVEL, "Region": _REGION},
    ),
    Spec(
        name="Detect.LossDetect",
        title="Lost video",
        per_channel=True,
        fields={**_DETECTOR, "Level": _LEVEL, "Region": _REGION},
    ),
    Spec(name="Detect.HumanDetection", title="Detection of persons", per_channel=True, fields=_HUMAN),
    Spec(
        name="Detect.HumanDetectionDVR",
        title="Detection of persons by the recorder",
        per_channel=True,
        fields={**_DETECTOR, "LoiterLatch": Field(Int(0, None, "s"), title="Time of loitering")},
    ),
    _opaque("Detect.FaceDetection", "Detection of faces"),
    _opaque("Detect.CarShapeDetection", "Detection of vehicles"),
    _opaque("Detect.Analyze", "Analytics"),
    _opaque("Detect.MotionDetectIPC", "Motion detection of a digital channel"),
    _opaque("Detect.CustomerFlow", "Counting of persons"),
    Spec(
        name="Alarm.LocalAlarm",
        title="Alarm inputs",
        per_channel=True,
        element="alarm input",
        fields={
            **_DETECTOR,
            "SensorType": Field(Choice(("NO", "NC")), title="Contact, normally open or closed"),
        },
    ),
    Spec(
        name="Alarm.IPCAlarm",
        title="Alarm inputs of digital channels",
        per_channel=True,
        fields={
            **_DETECTOR,
            "SensorType": Field(Choice(("NO", "NC")), title="Contact, normally open or closed"),
        },
    ),
    _opaque("Alarm.NetAlarm", "Alarms from the network"),
    Spec(name="Alarm.NetIPConflict", title="Conflict of addresses", fields=_DETECTOR),
    Spec(name="Alarm.NetAbort", title="Network lost", fields=_DETECTOR),
    Spec(
        name="Alarm.AlarmOut",
        title="Relay outputs",
        per_channel=True,
        element="alarm output",
        indexed=False,
        fields={
            # The state of the contact: it comes with every write, always as OPEN, but nobody sets it.
            "AlarmOutStatus": reported("Contact: OPEN idle, CLOSE active", written="OPEN"),
            "AlarmOutType": Field(
                Choice(("AUTO", "MANUAL", "CLOSE"), open=True), title="AUTO by events, MANUAL on, CLOSE off"
            ),
        },
    ),
    Spec(
        name="Ability.VoiceTipType",
        title="Voice prompts",
        read_only=True,
        fields={"VoiceTip": reported("Prompts")},
    ),
)
