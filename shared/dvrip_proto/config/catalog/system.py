"""Configuration objects of the device as a whole: name, place, time zone, maintenance, serial ports."""

from __future__ import annotations

from ..kinds import BOOL, INT, RAW, Choice, Int
from ..lists import Mask, Row
from ..schedule import DAYS, TIME_ZONE
from ..spec import Field, Key, Spec, under
from ..texts import SECRET, TEXT, Text
from .shared_rows import SERIAL_LINE, reported
from .users import USER

_DST_POINT = {
    "Day": Field(Int(0, 31), title="Day of the month, or of the week (0 Sunday) with a week"),
    "Hour": Field(Int(0, 24, "h"), title="Hour"),
    "Minute": Field(Int(0, 59, "min"), title="Minute"),
    "Month": Field(Int(1, 12), title="Month"),
    "Week": Field(Int(-1, 5), title="0 by date, 1 to 4 the nth week, -1 the last"),
    "Year": Field(Int(1970, 2106), title="Year"),
}
_LANGUAGES = Choice(
    (
        *(
            "English",
            "SimpChinese",
            "TradChinese",
            "Russian",
            "Italian",
            "Spanish",
            "Japanese",
            "French",
            "German",
        ),
        *(
            "Portugal",
            "Brazilian",
            "Turkey",
            "Poland",
            "Romanian",
            "Hungarian",
            "Finnish",
            "Estonian",
            "Korean",
        ),
        *("Farsi", "Dansk", "Greek", "Thai", "Arabic", "Bulgarian", "Czech", "Dutch", "Hebrew", "Indonesian"),
        *("Slovakia", "Swedish", "Vietnamese", "ChineseEnglish"),
    ),
    open=True,
)
_REBOOT_DAYS = Choice(
    ("Never", "Everyday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
)
_LINE = Row(
    (
        Int(300, 921600, "bit/s"),
        Choice(("None", "Odd", "Even", "Mark", "Space")),
        Int(4, 8, "bits"),
        Int(0, 2, "stop bits"),
    )
)
_SERIAL = {**SERIAL_LINE, "Attribute": Field(_LINE, title="Speed, parity, data and stop bits")}

ROWS: tuple[Spec, ...] = (
    Spec(
        name="General.General",
        title="Name, number, behaviour when the disk is full",
        fields={
            "AutoLogout": Field(Int(0, 120, "min"), title="Log out of the local screen after"),
            "FontSize": Field(Int(0, 255), title="Size of the text on the local screen"),
            "IranCalendarEnable": Field(BOOL, title="Iranian calendar"),
            "LocalNo": Field(Int(0, 998), title="Number for remote controls"),
            "MachineName": Field(Text(64), title="Name"),
            "OverWrite": Field(
                Choice(("OverWrite", "StopRecord", "KeepClose"), open=True), title="When the disk is full"
            ),
            "ScreenAutoShutdown": Field(Int(0, None, "min"), title="Screen off after"),
            "ScreenSaveTime": Field(Int(0, None, "min"), title="Screen saver after"),
            "SnapInterval": Field(Int(0), title="Time between pictures"),
            "VideoOutPut": Field(Choice(("Auto", "TV", "VGA"), open=True), title="Video output"),
        },
    ),
    Spec(
        name="General.Location",
        title="Language, date and time formats, daylight saving time",
        fields={
            **under("DSTStart", _DST_POINT),
            **under("DSTEnd", _DST_POINT),
            "DSTRule": Field(Choice(("Off", "On")), title="Daylight saving time"),
            "DateFormat": Field(Choice(("YYMMDD", "MMDDYY", "DDMMYY")), title="Date"),
            "DateSeparator": Field(Choice((".", "-", "/")), title="Between the parts of a date"),
            "IranCalendar": Field(BOOL, title="Iranian calendar"),
            "Language": Field(_LANGUAGES, title="Language"),
            "TimeFormat": Field(Choice(("12", "24")), title="Hours of a clock"),
            "VideoFormat": Field(Choice(("PAL", "NTSC", "SECAM")), title="Video standard"),
            "WorkDay": Field(Mask(7, DAYS), title="Working days"),
        },
    ),
    Spec(
        name="General.AutoMaintain",
        title="Reboot and clean-up by schedule",
        fields={
            "AutoDeleteFilesDays": Field(Int(0, 365, "d"), title="Delete recordings older than, 0 never"),
            "AutoRebootDay": Field(_REBOOT_DAYS, title="Reboot on"),
            "AutoRebootHour": Field(Int(0, 23, "h"), title="Reboot at"),
        },
    ),
    Spec(
        name="General.PwdSafety",
        title="Questions to reset the password",
        fields={
            "PwdReset[].QuestionAnswer": Field(SECRET, title="Answer"),
            "PwdReset[].QuestionIndex": Field(INT, title="Question"),
            "SecurityEmail": Field(SECRET, title="E-mail for resets"),
            "TipPageHide": Field(BOOL, title="Hide the reminder"),
        },
    ),
    Spec(
        name="General.OneKeyMaskVideo",
        title="Privacy: no picture",
        per_channel=True,
        fields={"Enable": Field(BOOL, title="In use")},
    ),
    Spec(
        name="General.AppBindFlag", title="Bound to an app", fields={"BeBinded": Field(BOOL, title="Bound")}
    ),
    Spec(
        name="General.DSTState",
        title="Daylight saving time now",
        read_only=True,
        fields={"InNormalState": reported("Normal time")},
    ),
    Spec(
        name="System.TimeZone",
        title="Time zone",
        fields={
            "FirstUserTimeZone": Field(RAW, title="Zone of the first user"),
            "timeMin": Field(TIME_ZONE, title="Standard time"),
        },
    ),
    Spec(
        name="System.ExUserMap",
        title="Reversible passwords of the users",
        read_only=True,
        fields={**under("User[]", USER.fields), "UserNum": reported("Number of users")},
    ),
    Spec(
        name="BrowserLanguage",
        title="Language of the web page",
        fields={"BrowserLanguageType": Field(INT, title="Language")},
    ),
    Spec(
        name="AppDowloadLink",
        title="Where the apps are",
        fields={
            "AndroidEnable": Field(BOOL, title="Show for Android"),
            "AndroidLink": Field(TEXT, title="Android"),
            "IOSEnable": Field(BOOL, title="Show for iOS"),
            "IOSLink": Field(TEXT, title="iOS"),
            "NameOther": Field(TEXT, title="Name of another"),
            "OtherEnable": Field(BOOL, title="Show another"),
            "OtherLink": Field(TEXT, title="Another"),
            "SNEnable": Field(BOOL, title="Show the serial number"),
        },
    ),
    Spec(name="Uart.Comm", title="RS-232", per_channel=True, element="port", fields=_SERIAL),
    Spec(name="Uart.RS485", title="RS-485", per_channel=True, fields=_SERIAL),
    Spec(name="Uart.PTZ", title="Serial line of PTZ cameras", per_channel=True, fields=_SERIAL),
    Spec(
        name="Uart.PTZPreset",
        title="Presets",
        per_channel=True,
        fields={
            "[].Id": Field(Int(0, 255), title="Number"),
            "[].Name": Field(Text(64), title="Name"),
            "[].PresetName": Field(Text(64), title="Name"),
        },
        keyed={"": Key("Id", grows=True)},
    ),
    Spec(
        name="Uart.PTZTour",
        title="Tours of presets",
        per_channel=True,
        fields={
            "[].Id": Field(Int(0, 255), title="Number"),
            "[].Name": Field(TEXT, title="Name"),
            "[].Tour[].Id": Field(Int(0, 255), title="Preset"),
            "[].Tour[].Name": Field(TEXT, title="Name of the preset"),
            "[].Tour[].Time": Field(Int(0, None, "s"), title="Time there"),
        },
        keyed={"": Key("Id", grows=True)},
    ),
)
