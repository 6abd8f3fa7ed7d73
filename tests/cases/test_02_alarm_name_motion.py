"""Case 2: some firmware pushes motion under the bare name "Motion"; families of names, by rule."""

from __future__ import annotations

import logging

import pytest

from dvrip_proto import AlarmKind
from dvrip_proto.features.alarms import read_events
from dvrip_proto.wire.alarm_words import is_named, kind_of
from tests.device.conftest import connected
from tests.hostile import Link

NAMES = {
    AlarmKind.MOTION: (
        "Motion VideoMotion MotionDetect MotionDetection MOTION_DETECT motiondetect videomotion MotionAlarm "
        "appEventMotionDetectAlarm VideoMotion:2 SmartMotion PIRAlarm PirDetect MotionDetectV2 "
        "PIRDetect InfraredAlarm MicrowaveAlarm"
    ),
    AlarmKind.TAMPER: (
        "VideoBlind Blind BlindDetect HideAlarm VideoBlindDetect ForceDismantleAlarm TamperAlarm VideoMask "
        "CameraMasking SceneChange BlurCheckAlarm BlurDetect VideoDefocus"
    ),
    AlarmKind.VIDEO_LOSS: (
        "VideoLoss VideoLost LossDetect Loss VideoLossDetect NoSignal NoVideo CameraOffline ChannelOffline IPCOffline"
    ),
    AlarmKind.INPUT: "LocalIO LocalAlarm AlarmLocal IOAlarm IPCAlarm AlarmIn LocalAlarm:3 ExternAlarm SensorAlarm",
    AlarmKind.PERSON: (
        "HumanDetect HumanDection HumanDetection appEventHumanDetectAlarm HUMAN_DETECT humandetect PersonDetect "
        "HumanAlarm HumanDetect:{0.1,0.2} PedestrianDetect HumanBody BodyDetect AIHuman AI_PERSON"
    ),
    AlarmKind.FACE: "FaceDetect FaceDetection FaceDetectV2 FaceRecognition facedetectv2 appEventFaceDetectAlarm",
    AlarmKind.VEHICLE: (
        "CarShapeDetect CarShapeDetection VehicleDetect CarDetect PlateDetect NonMotorVehicle NonMotorDetect LPR"
    ),
    AlarmKind.CROSSING: (
        "VIdeoAnanyze VideoAnalyze VideoAnalyse PEAAlarm CrossLineDetection LineCross OSCAlarm AVDAlarm "
        "Trespassing StayAlarm TripwireAlarm IntrusionDetect LoiteringAlarm AreaEnter Wander "
        "LineDetection"
    ),
    AlarmKind.FALL: "FallDown HumanFallDown FallDetect",
    AlarmKind.SOUND: "CryDetect VolumeDetect SoundDetect BabyCry VoiceAlarm WordDetect",
    AlarmKind.RING: "DoorBell RemoteCallAlarm DoorLockCall DoorBellAlarm Call",
    AlarmKind.BATTERY: "LowBattery LowBatteryAlarm BatteryLow PowerLow LowElectricity",
    AlarmKind.STORAGE: (
        "StorageNotExist StorageFailure StorageFailureWrite StorageReadError StorageLowSpace StorrageLowSpace "
        "DiskFull HDDError SDCardError LowSpace"
    ),
    AlarmKind.NETWORK: "NetAbort NetIPConfict NetIPConflict NetDisconnect NetworkLost NoNetwork",
    AlarmKind.LOGIN: "LoginFailed LOGIN_FAILED LoginAlarm UserLocked AccountLock",
    AlarmKind.OTHER: (
        "SerialAlarm ConsSensorAlarm GSensorAlarm RemoteSnap SpeedAlarm IntervalWakeAlarm DoorLockNotify "
        "DoorLockAlarm ReserveWakeAlarm FeedAlarm ManualAlarm NetAlarm BrandNewDetect InterfaceError CardinalAlarm "
        "PetDetect LivestockDetect HumanBasedPetDetect FireDetect HighTemperature"
    ),
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NAMES for name in NAMES[kind].split()])
def test_names_of_a_family_are_of_its_kind(kind: AlarmKind, name: str) -> None:
    (event,) = read_events({"AlarmInfo": {"Channel": 0, "Event": name, "Status": "Start"}})
    assert (event.kind, event.event, event.active) == (kind, name, True)


@pytest.mark.parametrize("name", ["VideoTour", "VideoSplit", "VideoTitle", "videotour:1"])
def test_what_a_device_tells_its_own_screen_is_no_alarm(name: str) -> None:
    assert read_events({"AlarmInfo": {"Channel": 0, "Event": name, "Status": "Start"}}) == []


def test_names_of_no_kind_may_be_known_all_the_same() -> None:
    assert is_named("SerialAlarm")
    assert not is_named("BrandNewDetect")
    assert kind_of("") is AlarmKind.OTHER


async def test_what_stays_unknown_is_logged_once_a_connection_with_its_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    async def script(link: Link) -> None:
        await link.reply(await link.receive())
        for event, status in 3 * [("BrandNewDetect", "Start"), ("VideoMotion", "Sideways")]:
            await link.push(1504, {"AlarmInfo": {"Channel": 0, "Event": event, "Status": status}})
        await link.push(1504, {"AlarmInfo": {"Channel": 0, "Event": "LastOne", "Status": "Start"}})
        await link.gone()

    from dvrip_proto.features.alarms import Alarms

    async with connected(script) as connection:
        async for event in Alarms(connection).events():
            if event.event == "LastOne":
                break
    told = [record.getMessage() for record in caplog.records if "unknown alarm" in record.getMessage()]
    assert len(told) == 3
    assert [
        word for word in ("BrandNewDetect", "Sideways", "LastOne") if sum(word in text for text in told) == 1
    ]
