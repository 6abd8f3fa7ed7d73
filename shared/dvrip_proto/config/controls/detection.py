"""Detectors: in use, how sensitive, where."""

from __future__ import annotations

from ..control import Control, within
from .linkage import linkage

_DETECT = "AlarmFunction"

ROWS: tuple[Control, ...] = (
    Control(
        "motion_detection",
        "Detect.MotionDetect",
        "Enable",
        "Motion detection",
        basic=True,
        ability=f"{_DETECT}.MotionDetect",
    ),
    *within(
        "Detect.MotionDetect",
        ("motion_sensitivity", "Level", "Motion sensitivity"),
        ("motion_pir_period_1", "PirTimeSection.PirTimeSectionOne.Enable", "Motion sensor period 1"),
        ("motion_pir_period_2", "PirTimeSection.PirTimeSectionTwo.Enable", "Motion sensor period 2"),
    ),
    Control(
        "motion_regions",
        "Detect.MotionDetect",
        "Region",
        "Motion regions",
        entity=False,
        options_from="MotionArea",
    ),
    *linkage("motion", "Detect.MotionDetect", "Motion"),
    Control("person_detection", "Detect.HumanDetection", "Enable", "Person detection", basic=True),
    *within(
        "Detect.HumanDetection",
        ("person_sensitivity", "Sensitivity", "Person sensitivity"),
        ("person_boxes", "ShowTrack", "Person boxes in the picture"),
        ("person_rules", "ShowRule", "Person rules in the picture"),
        ("person_face_boxes", "FaceShowTrack", "Face boxes in the picture"),
    ),
    *linkage("person", "Detect.HumanDetection", "Person"),
    Control(
        "recorder_person_detection",
        "Detect.HumanDetectionDVR",
        "Enable",
        "Person detection by the recorder",
        basic=True,
    ),
    *linkage("recorder_person", "Detect.HumanDetectionDVR", "Person seen by the recorder"),
    Control(
        "tamper_detection",
        "Detect.BlindDetect",
        "Enable",
        "Tamper detection",
        ability=f"{_DETECT}.BlindDetect",
    ),
    *within("Detect.BlindDetect", ("tamper_sensitivity", "Level", "Tamper sensitivity")),
    *linkage("tamper", "Detect.BlindDetect", "Tamper"),
    Control(
        "video_loss_detection",
        "Detect.LossDetect",
        "Enable",
        "Video loss detection",
        ability=f"{_DETECT}.LossDetect",
    ),
    *linkage("video_loss", "Detect.LossDetect", "Video loss"),
    *within("Detect.FaceDetection", ("face_detection", "Enable", "Face detection")),
    *linkage("face", "Detect.FaceDetection", "Face"),
    *within("Detect.CarShapeDetection", ("vehicle_detection", "Enable", "Vehicle detection")),
    *linkage("vehicle", "Detect.CarShapeDetection", "Vehicle"),
    *within("Detect.Analyze", ("analytics", "Enable", "Analytics")),
    *within(
        "Detect.MotionDetectIPC", ("camera_motion_detection", "Enable", "Motion detection by the camera")
    ),
    *within("Detect.CustomerFlow", ("people_counting", "Enable", "People counting")),
    *within(
        "Detect.DetectTrack",
        ("tracking", "Enable", "Follow what moves"),
        ("tracking_sensitivity", "Sensitivity", "Tracking sensitivity"),
        ("tracking_return_time", "ReturnTime", "Return after tracking"),
    ),
)
