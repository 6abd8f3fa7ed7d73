"""Configuration objects of the services that the device uses or offers."""

from __future__ import annotations

from ..kinds import BOOL, INT, PORT, Choice, Code, Int
from ..lists import Array
from ..schedule import TIME_SECTION
from ..spec import Field, Key, Spec, under
from ..texts import IPV4, SECRET, TEXT, Text
from .shared_rows import ENABLE, HOST, SERVER, reported

_SERVER = under("Server", SERVER)
_USER_NAME = Field(Text(64), title="User name")
_PASSWORD = Field(SECRET, title="Password")
_FTP = {
    "Directory": Field(TEXT, title="Directory"),
    "Enable": ENABLE,
    "MaxFileLen": Field(Int(0, 4096, "MB"), title="Largest file"),
    **_SERVER,
}
ROWS: tuple[Spec, ...] = (
    Spec(
        name="NetWork.NetNTP",
        title="Time server",
        fields={
            "Enable": ENABLE,
            **_SERVER,
            # The meaning of the numbers is not documented; newer firmware uses System.TimeZone instead.
            "TimeZone": Field(Int(0, 33), title="Number of the time zone"),
            "UpdatePeriod": Field(Int(1, 65536, "min"), title="Ask every"),
        },
    ),
    Spec(
        name="NetWork.NetEmail",
        title="E-mail",
        fields={
            "Enable": ENABLE,
            **under("MailServer", SERVER),
            "Recievers": Field(Array(Text(64), "none", 5), title="Receivers"),
            "Schedule": Field(Array(TIME_SECTION, "off"), title="When to send"),
            "SendAddr": Field(Text(128), title="Sender"),
            "Title": Field(Text(128), title="Subject"),
            "UseSSL": Field(Code({"off": 0, "ssl": 1, "tls": 2}), title="Encryption"),
        },
    ),
    Spec(name="NetWork.NetFTP", title="FTP", fields={**_FTP, **under("[]", _FTP)}),
    Spec(
        name="NetWork.NetDDNS",
        title="Dynamic DNS, for each service",
        fields=under(
            "[]",
            {
                "DDNSKey": Field(TEXT, title="Service"),
                "Enable": ENABLE,
                "HostName": Field(HOST, title="Host name"),
                "Online": reported("Registered"),
                **_SERVER,
            },
        ),
        keyed={"": Key("DDNSKey")},
    ),
    Spec(
        name="NetWork.Upnp",
        title="UPnP: ports opened in the router",
        fields={
            "Enable": ENABLE,
            "HTTPPort": Field(Int(0, 65535), title="HTTP port"),
            "MediaPort": Field(Int(0, 65535), title="Media port"),
            "MobilePort": Field(Int(0, 65535), title="Mobile port"),
            "State": reported("Opened"),
        },
    ),
    Spec(
        name="NetWork.NetARSP",
        title="Active registration",
        fields=under(
            "[]",
            {
                "ARSPKey": Field(TEXT, title="Service"),
                "Enable": ENABLE,
                "HttpPort": Field(PORT, title="HTTP port"),
                "Interval": Field(Int(0, 65535), title="Interval"),
                "URL": Field(TEXT, title="URL"),
                **_SERVER,
            },
        ),
        keyed={"": Key("ARSPKey")},
    ),
    Spec(name="NetWork.NetMobile", title="Mobile port", fields={"Enable": ENABLE, **_SERVER}),
    Spec(
        name="NetWork.AlarmServer",
        title="Alarm servers",
        fields=under(
            "[]",
            {
                "Alarm": Field(BOOL, title="Send alarms"),
                "Enable": ENABLE,
                "Log": Field(BOOL, title="Send log entries"),
                "Protocol": Field(Choice(("GENERAL", "NONE"), open=True), title="Protocol"),
                **_SERVER,
            },
        ),
    ),
    Spec(
        name="NetWork.DAS",
        title="Active registration (DAS)",
        fields={
            "DeviceID": Field(TEXT, title="Device number"),
            "Enable": ENABLE,
            "Password": _PASSWORD,
            "Port": Field(PORT, title="Port"),
            "ServerAddr": Field(HOST, title="Server"),
            "UserName": _USER_NAME,
        },
    ),
    Spec(
        name="NetWork.RTSP",
        title="RTSP",
        fields={
            **under("Client", SERVER),
            **_SERVER,
            "IsClient": Field(BOOL, title="Client"),
            "IsServer": Field(BOOL, title="Server"),
        },
    ),
    Spec(
        name="NetWork.Nat",
        title="Cloud connection",
        fields={
            "Addr": Field(HOST, title="Server"),
            "DnsServer1": Field(IPV4, title="First name server"),
            "DnsServer2": Field(IPV4, title="Second name server"),
            "NatEnable": ENABLE,
            "Port": Field(PORT, title="Port"),
            "XMeyeMTU": Field(Int(0, 65535, "B"), title="Largest packet"),
        },
    ),
    Spec(
        name="NetWork.PMS",
        title="Notifications by the cloud",
        fields={
            "BoxID": Field(TEXT, title="Box"),
            "Enable": ENABLE,
            "Port": Field(PORT, title="Port"),
            "PushInterval": Field(Int(0, None, "s"), title="Least time between notifications"),
            "ServName": Field(HOST, title="Server"),
        },
    ),
    Spec(
        name="NetWork.OnlineUpgrade",
        title="Firmware from the cloud",
        fields={
            "AutoCheck": Field(BOOL, title="Look for versions"),
            "AutoUpgradeImp": Field(BOOL, title="Install important versions"),
            "Enable": ENABLE,
            "IgnoreAllVersion": Field(BOOL, title="Ignore every version"),
            "IgnoreCurTime": Field(INT, title="Ignored since"),
            "IgnoreCurVersion": Field(BOOL, title="Ignore this version"),
            "JustImpVersion": Field(BOOL, title="Important versions only"),
            "ServerAddr": Field(HOST, title="Server"),
            "ServerPort": Field(PORT, title="Port"),
        },
    ),
    Spec(name="NetWork.OnvifPwdCheckout", title="ONVIF asks for a password", fields={"Enable": ENABLE}),
    Spec(
        name="NetWork.TranCommData",
        title="Serial data to a server",
        fields={
            "SerialType": Field(Code({"RS232": 0, "RS485": 1}), title="Serial port"),
            "ServerAddr": Field(HOST, title="Server"),
            "ServerPort": Field(PORT, title="Port"),
            "ServerType": Field(INT, title="Protocol"),
            "bEnable": ENABLE,
        },
    ),
    Spec(
        name="NetWork.ShortMsg",
        title="Short messages",
        fields={
            "Enable": ENABLE,
            "PhoneNum": Field(Array(TEXT, "", 3), title="Receivers"),
            "SendTimes": Field(Int(0, 100), title="Attempts"),
        },
    ),
    Spec(
        name="NetWork.MultimediaMsg",
        title="Multimedia messages",
        fields={
            "Enable": ENABLE,
            "GateWayDomain": Field(HOST, title="Gateway"),
            "GateWayPort": Field(PORT, title="Gateway port"),
            "MmscDomain": Field(HOST, title="Message centre"),
            "MmscPort": Field(PORT, title="Message centre port"),
            "PhoneNum": Field(Array(TEXT, "", 3), title="Receivers"),
        },
    ),
    Spec(
        name="Status.NatInfo",
        title="State of the cloud connection",
        read_only=True,
        fields={"NaInfoCode": reported("Code"), "NatStatus": reported("State")},
    ),
    Spec(
        name="OEMcfg.Correspondent",
        title="What ONVIF tells of the device",
        fields={
            "BrandInfo": Field(TEXT, title="Brand"),
            "FirmwareVersion": Field(TEXT, title="Firmware"),
            "HardwareId": Field(TEXT, title="Hardware"),
            "Model": Field(TEXT, title="Model"),
            "Port": Field(PORT, title="ONVIF port"),
            "Scope": Field(Array(TEXT), title="Scopes"),
        },
    ),
)
