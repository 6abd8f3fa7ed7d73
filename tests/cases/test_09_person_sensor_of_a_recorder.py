"""Case 9: recorders name person detection otherwise than cameras; an ability is a set of names."""

from __future__ import annotations

from typing import Any

import pytest

from dvrip_proto import Ability, has

RECORDER = {"AlarmFunction": {"MotionDetect": True, "FaceDetect": True, "HumanDectionNVRNew": True}}


def test_the_recorder_of_the_report_detects_persons_and_faces() -> None:
    assert has(RECORDER, Ability.PERSON_DETECTION)
    assert has(RECORDER, Ability.FACE_DETECTION)
    assert not has(RECORDER, Ability.VEHICLE_DETECTION)


@pytest.mark.parametrize(
    "flag",
    [
        "HumanDection",
        "HumanDectionDVR",
        "HumanDectionNVRNew",
        "HumanDectionNVR",
        "HumanDetection",
        "HumanPedDetection",
        "PEAInHumanPed",
        "SupportHumanDetection",
        "HumanDetectionIPC",
        "AIHumanDetect",
        "SupportPersonDetect",
        "PedestrianDetection",
        "HumanoidDetect",
        "NetIPCHumanDection",
    ],
)
@pytest.mark.parametrize("group", ["AlarmFunction", "OtherFunction"])
def test_person_detection_under_its_other_names(group: str, flag: str) -> None:
    for on in (True, 1, "true"):
        assert has({group: {flag: on}}, Ability.PERSON_DETECTION)
        assert has({flag: on}, Ability.PERSON_DETECTION)
    for off in (False, 0, None, "false"):
        assert not has({group: {flag: off}}, Ability.PERSON_DETECTION)


@pytest.mark.parametrize(
    "functions", [{}, {"AlarmFunction": None}, {"AlarmFunction": {"HumanFallDown": True}}]
)
def test_no_person_detection(functions: dict[str, Any]) -> None:
    assert not has(functions, Ability.PERSON_DETECTION)


@pytest.mark.parametrize(
    ("flag", "ability"),
    [
        ("CarShapeDetection", Ability.VEHICLE_DETECTION),
        ("FaceDetection", Ability.FACE_DETECTION),
        ("SupportFaceDetectV2", Ability.FACE_DETECTION),
        ("NewVideoAnalyze_digit", Ability.CROSSING_DETECTION),
        ("HumanFallDown", Ability.FALL_DETECTION),
        ("SupportVolumeDetect", Ability.SOUND_DETECTION),
        ("AIFaceDetectDVR", Ability.FACE_DETECTION),
        ("SupportCarShape", Ability.VEHICLE_DETECTION),
        ("SupportPlateDetect", Ability.VEHICLE_DETECTION),
        ("SupportLineCross", Ability.CROSSING_DETECTION),
        ("PerimeterDetectNVR", Ability.CROSSING_DETECTION),
        ("FallDetection", Ability.FALL_DETECTION),
        ("BabyCryDetect", Ability.SOUND_DETECTION),
    ],
)
def test_other_abilities(flag: str, ability: Ability) -> None:
    assert has({"AlarmFunction": {flag: True}}, ability)


@pytest.mark.parametrize(
    "flag",
    ["InterfaceDetect", "SDCardDetect", "SupportSetVolume", "CarPlateSet", "FaceShowTrack", "OpenSound"],
)
def test_flags_that_only_sound_like_it(flag: str) -> None:
    assert not any(has({"OtherFunction": {flag: True}}, ability) for ability in Ability)
