"""Why a switch, choice or bounded number of an object that has controls is none itself, as data.

Object, or its beginning with a dot at the end; path, or the beginning of it; the reason.
"""

from __future__ import annotations

_OTHER_SPELLING = "another firmware's spelling of the same thing, or of what no device is known to have"
_LOCAL = "of the local screen, set there"

REASONS: tuple[tuple[str, str, str], ...] = (
    ("", "EventHandler.FtpEnable", _OTHER_SPELLING),
    ("", "EventHandler.SaveSerEnable", "of one firmware, meaning unknown"),
    ("", "EventHandler.MMSEnable", _OTHER_SPELLING),
    ("", "EventHandler.MultimediaMsgEnable", "messages of mobile networks that are gone"),
    ("", "EventHandler.ShortMsgEnable", "needs a mobile modem: object NetWork.ShortMsg"),
    ("", "EventHandler.MatrixEnable", "video matrices are not sold any more"),
    ("", "EventHandler.ShowInfo", "a text from the alarm, set with EventHandler.AlarmInfo"),
    ("Alarm.Net", "EventHandler.", "of an alarm that is no channel's, or that no device raises"),
    ("Storage.", "EventHandler.", "of an alarm that is no channel's"),
    ("Detect.Analyze", "EventHandler.", "analytics differ too much by model"),
    ("Detect.MotionDetectIPC", "EventHandler.", "the camera's own, set there"),
    ("Detect.CustomerFlow", "EventHandler.", "a counter, no alarm"),
    ("Detect.LossDetect", "Level", "a lost picture has no degree: devices keep null there"),
    ("Detect.HumanDetection", "PedRule[]", "lines and areas are drawn, not switched"),
    ("Detect.HumanDetection", "iShowRule", _OTHER_SPELLING),
    (
        "Simplify.Encode",
        "MainFormat.VideoEnable",
        "without it the channel is gone: devices ignore it or restart",
    ),
    ("AVEnc.VideoWidget", "Covers[].PreviewBlend", "goes with the mask in the stream"),
    ("AVEnc.VideoWidget", "CoversNum", "follows from the masks in use"),
    ("AVEnc.VideoWidget", "coversNum", "follows from the masks in use"),
    ("AVEnc.VideoColor", "[].Enable", "switches a time section, whose settings these are"),
    ("AVEnc.VideoColor", "[].VideoColorParam.Acutance", "two numbers packed into one"),
    ("AVEnc.VideoColor", "[].VideoColorParam.Gain", "a number and a switch packed into one"),
    ("AVEnc.VideoColor", "[].VideoColorParam.Whitebalance", "a number and a switch packed into one"),
    ("fVideo.OSDInfo", "OSDInfo[].OSDInfoWidget.PreviewBlend", _LOCAL),
    ("fVideo.OsdLogo", "BgTrans", "of one firmware, meaning of the number unknown"),
    ("fVideo.OsdLogo", "FgTrans", "of one firmware, meaning of the number unknown"),
    ("fVideo.", "AudioMode", "has one value only"),
    ("fVideo.", "RightVolume", "devices have one speaker and one microphone: the left one is it"),
    ("Camera.Param", "InfraredSwap", "says how the camera is wired"),
    ("Camera.Param", "IrcutSwap", "says how the camera is wired"),
    ("NetWork.NetNTP", "Server.Anonymity", "time servers have no accounts"),
    ("NetWork.NetNTP", "TimeZone", "meaning of the numbers unknown; time_zone is the zone"),
    ("NetWork.NetFTP", "[]", _OTHER_SPELLING),
    ("NetWork.NetDDNS", "[].Server.", "known by the service"),
    ("NetWork.NetPPPoE", "Server.", "PPPoE has no server to name"),
    ("NetWork.AlarmServer", "[].Server.Anonymity", "alarm servers have no accounts"),
    ("NetWork.RTSP", "Client.", "no device is known that sends by RTSP"),
    ("NetWork.RTSP", "IsClient", "no device is known that sends by RTSP"),
    ("NetWork.RTSP", "Server.Anonymity", "no device is known that heeds it"),
    ("NetWork.NetRTSP", "Port", "rtsp_port on devices that have it; meaning of this one not proven"),
    ("NetWork.NetRTSP", "Session", "of one firmware, meaning unknown"),
    ("NetWork.OnVif", "PwdCheck", "onvif_password on devices that have it; not proven to do the same"),
    ("NetWork.Nat", "Port", "of the maker's cloud, set by it"),
    ("NetWork.PMS", "Port", "of the maker's cloud, set by it"),
    ("NetWork.OnlineUpgrade", "Ignore", "what somebody answered to a question on the local screen"),
    ("NetWork.OnlineUpgrade", "JustImpVersion", "what somebody answered to a question on the local screen"),
    ("NetWork.OnlineUpgrade", "ServerPort", "of the maker's cloud, set by it"),
    ("NetWork.DisableXmServerConn", "Disable", "parts of cloud_cut"),
    ("NetWork.NetCommon", "MonMode", "of the clients of the maker, which have their own switch for it"),
    (
        "NetWork.NetCommon",
        "TCPPort",
        "ends the connection: the module `network`, `config` where it is allowed",
    ),
    ("NetWork.NetCommon", "UDPPort", "goes with TCPPort"),
    ("General.General", "FontSize", _LOCAL),
    ("General.General", "IranCalendarEnable", _OTHER_SPELLING),
    ("General.Location", "DSTStart.", "written from a zone's name: zone_wishes"),
    ("General.Location", "DSTEnd.", "written from a zone's name: zone_wishes"),
    ("General.Location", "IranCalendar", _LOCAL),
    ("General.TimingSleep", "ManualWakeUp", "a command, not a state"),
    ("General.TimingSleep", "WorkPeriod.", "recorded once; hours and minutes not proven"),
    ("General.ResumePtzState", "PtzState[]", "what the device remembered"),
)


def reason(object_name: str, path: str) -> str:
    """Why the field has no control; "" when nobody wrote one."""
    for owner, begin, why in REASONS:
        if object_name.startswith(owner) and path.startswith(begin):
            return why
    return ""


_TASK = "set by a command or module of its own"

OBJECTS: dict[str, str] = {
    "AVEnc.Encode": "Simplify.Encode is the part of it that every device takes",
    "AVEnc.CombineEncode": "no device is known that makes a combined stream",
    "AVEnc.SmartH264V2": "a list by stream whose order is not proven",
    "fVideo.Tour": _LOCAL,
    "fVideo.VideoOutPriority": _LOCAL,
    "fVideo.Play": _LOCAL,
    "fVideo.GUISet": _LOCAL,
    "VideoChannel": "says how many cameras a recorder takes, and restarts it",
    "NetWork.NetDHCP": _TASK,
    "NetWork.NetIPFilter": "whom it locks out has to be weighed: `config`, with its guard",
    "NetWork.Wifi": "ends the connection: `config`, with its guard",
    "NetWork.Net3G": "modems of networks that are gone",
    "NetWork.NetOrder": "ends the connection: `config`",
    "NetWork.RemoteDevice": _TASK,
    "NetWork.RemoteDeviceV3": _TASK,
    "NetWork.NetARSP": "the old form of registration",
    "NetWork.NetMobile": "of phones that are gone",
    "NetWork.TranCommData": "of serial lines, by whoever wires them",
    "NetWork.ShortMsg": "needs a mobile modem",
    "NetWork.MultimediaMsg": "messages of mobile networks that are gone",
    "OEMcfg.Correspondent": "what the maker wrote into it",
    "General.PwdSafety": "answers to reset a password: nothing to switch",
    "General.AppBindFlag": "set by the maker's app",
    "AppDowloadLink": "links on the device's own page",
    "Uart.Comm": "of serial lines, by whoever wires them",
    "Uart.RS485": "of serial lines, by whoever wires them",
    "Uart.PTZ": "of serial lines, by whoever wires them",
    "Uart.PTZPreset": _TASK,
    "Uart.PTZTour": _TASK,
    "System.Sleep": "of battery cameras, from papers only",
    "NetUse.DigitalEncode": "encoding of a recorder's cameras, set at the camera",
    "Encode.Encode": "another firmware's name of Simplify.Encode, recorded once",
}
"""Why an object with something to switch or choose has no control at all."""
