# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.
# Written by tools/ansible_settings.py from the controls of the library.

from __future__ import annotations


class ModuleDocFragment:
    """Settings by name."""

    DOCUMENTATION = r"""
options:
  white_light: {type: str, description: "White light: text such as Auto, KeepOpen, Close, Intelligent, Timing. It is C(Camera.WhiteLight WorkMode) of the device."}
  white_light_from: {type: str, description: "White light from: a time of day such as \"08:30\", at most \"24:00\". It is C(Camera.WhiteLight WorkPeriod.SHour) of the device."}
  white_light_until: {type: str, description: "White light until: a time of day such as \"08:30\", at most \"24:00\". It is C(Camera.WhiteLight WorkPeriod.EHour) of the device."}
  ntp: {type: bool, description: "Time from a server: true or false. It is C(NetWork.NetNTP Enable) of the device."}
  ntp_server: {type: str, description: "Time server: text of at most 64 bytes. It is C(NetWork.NetNTP Server.Name) of the device."}
  cloud: {type: bool, description: "Cloud connection: true or false. It is C(NetWork.Nat NatEnable) of the device."}
  device_name: {type: str, description: "Device name: text of at most 64 bytes. It is C(General.General MachineName) of the device."}
  time_zone: {type: str, description: "Time zone: an offset from UTC such as +01:00 or -03:30. It is C(System.TimeZone timeMin) of the device."}
  restart_day: {type: str, description: "Automatic restart: one of Never, Everyday, Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday. It is C(General.AutoMaintain AutoRebootDay) of the device.", choices: ["Never", "Everyday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]}
  restart_hour: {type: int, description: "Hour of the automatic restart: a whole number from 0 to 23 h. It is C(General.AutoMaintain AutoRebootHour) of the device."}
  channels:
    description: Settings of the channels, one entry for each or for several at once.
    type: list
    elements: dict
    default: []
    suboptions:
      channel:
        description:
          - Number of the channel, from V(1), or a list of numbers, or V(all).
          - A setting of one of them wins over the same setting of V(all).
        type: raw
        required: true
      motion_detection: {type: bool, description: "Motion detection: true or false. It is C(Detect.MotionDetect Enable) of the device."}
      motion_sensitivity: {type: int, description: "Motion sensitivity: a whole number from 1 to 6. It is C(Detect.MotionDetect Level) of the device."}
      motion_records: {type: bool, description: "Record on motion: true or false. It is C(Detect.MotionDetect EventHandler.RecordEnable) of the device."}
      person_detection: {type: bool, description: "Person detection: true or false. It is C(Detect.HumanDetection Enable) of the device."}
      person_sensitivity: {type: int, description: "Person sensitivity: a whole number from 0 to 2. It is C(Detect.HumanDetection Sensitivity) of the device."}
      tamper_detection: {type: bool, description: "Tamper detection: true or false. It is C(Detect.BlindDetect Enable) of the device."}
      day_night: {type: str, description: "Day and night: one of auto (0), colour (1), black-white (2), intelligent light (3), white light (4), intelligent infrared (5), licence plate (6). It is C(Camera.Param DayNightColor) of the device.", choices: ["auto", "colour", "black-white", "intelligent light", "white light", "intelligent infrared", "licence plate"]}
      mirror: {type: bool, description: "Mirror: true or false. It is C(Camera.Param PictureMirror) of the device."}
      flip: {type: bool, description: "Flip: true or false. It is C(Camera.Param PictureFlip) of the device."}
      backlight_compensation: {type: bool, description: "Backlight compensation: true or false. It is C(Camera.Param BLCMode) of the device."}
      wide_dynamic_range: {type: bool, description: "Wide dynamic range: true or false. It is C(Camera.ParamEx BroadTrends.AutoGain) of the device."}
      privacy: {type: bool, description: "Privacy: true or false. It is C(General.OneKeyMaskVideo Enable) of the device."}
      brightness: {type: int, description: "Brightness: a whole number from 0 to 100 %. It is C(AVEnc.VideoColor [0].VideoColorParam.Brightness) of the device."}
      privacy_mask_1: {type: bool, description: "Privacy mask 1: true or false. It is C(AVEnc.VideoWidget Covers[0].EncodeBlend) of the device."}
      channel_name: {type: str, description: "Channel name: text of at most 64 bytes. It is C(ChannelTitle) of the device."}
      codec: {type: str, description: "Codec: text such as H.264, H.265, H.264+, H.265+, H.265X, MPEG4, MPEG2, MPEG1, MJPG, H.263, JPEG. It is C(Simplify.Encode MainFormat.Video.Compression) of the device."}
      resolution: {type: str, description: "Resolution: text such as D1, HD1, BCIF, CIF, QCIF, VGA, QVGA, SVCD, QQVGA, ND1, 650TVL, 720P, 1_3M, UXGA, 1080P, WUXGA, 2_5M, 3M, 5M, 1080N, 4M, 6M, 8M, 12M, 4K, 720N, WSVGA, NHD, 3M_N, 4M_N, 5M_N, 4K_N, SXVGA. It is C(Simplify.Encode MainFormat.Video.Resolution) of the device."}
      frame_rate: {type: int, description: "Frame rate: a whole number from -3600 to 120 1/s. It is C(Simplify.Encode MainFormat.Video.FPS) of the device."}
      bit_rate: {type: int, description: "Bit rate: a whole number from 0 to 65536 kbit/s. It is C(Simplify.Encode MainFormat.Video.BitRate) of the device."}
      recording: {type: str, description: "Recording: text such as ConfigRecord, ManualRecord, ClosedRecord, Close. It is C(Record RecordMode) of the device."}
      recording_schedule: {type: raw, description: "Recording schedule: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Record TimeSection) of the device."}
      pre_record: {type: int, description: "Recorded before an event: a whole number from 0 to 30 s. It is C(Record PreRecord) of the device."}
  alarm_outputs:
    description: Settings of the alarm outputs, one entry for each or for several at once.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description:
          - Number of the alarm output, from V(1), or a list of numbers, or V(all).
          - A setting of one of them wins over the same setting of V(all).
        type: raw
        required: true
      alarm_output: {type: bool, description: "Relay output: true or false. It is C(Alarm.AlarmOut AlarmOutType) of the device."}
      alarm_output_mode: {type: str, description: "Relay output mode: text such as AUTO, MANUAL, CLOSE. It is C(Alarm.AlarmOut AlarmOutType) of the device."}
  outputs:
    description: Settings of the outputs, one entry for each or for several at once.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description:
          - Number of the output, from V(1), or a list of numbers, or V(all).
          - A setting of one of them wins over the same setting of V(all).
        type: raw
        required: true
      speaker_volume: {type: int, description: "Speaker volume: a whole number from 0 to 100 %. It is C(fVideo.Volume LeftVolume) of the device."}
"""
