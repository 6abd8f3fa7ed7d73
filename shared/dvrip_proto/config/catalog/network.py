"""Configuration objects of the network: addresses, ports, Wi-Fi, cameras of digital channels."""

from __future__ import annotations

from ..kinds import BOOL, INT, PORT, Choice, Code, Int
from ..lists import Array
from ..spec import Field, Key, Spec, under
from ..texts import CHANNEL, IPV4, SECRET, TEXT, Text
from .shared_rows import ENABLE, HOST, READ_ONLY, SERVER, reported

_SERVER = under("Server", SERVER)
_ADDRESS = Field(IPV4, title="Address")
_NETMASK = Field(IPV4, title="Network mask")
_GATEWAY = Field(IPV4, title="Gateway")
_USER_NAME = Field(Text(64), title="User name")
_PASSWORD = Field(SECRET, title="Password")
_ADDRESSES = Array(IPV4, "0x00000000", 64, ordered=False)
_DECODER = under(
    "Decoder[]",
    {
        "Channel": Field(CHANNEL, title="Channel of the camera"),
        "ConfName": Field(TEXT, title="Name"),
        "DevType": Field(TEXT, title="Device type"),
        "Enable": ENABLE,
        "IPAddress": Field(HOST, title="Address"),
        "Interval": Field(Int(0, None, "s"), title="Time shown in a tour"),
        "MainRtspUrl": Field(SECRET, title="RTSP address of the main stream"),
        "PassWord": _PASSWORD,
        "Port": Field(PORT, title="Port"),
        "Protocol": Field(Choice(("TCP", "ONVIF", "RTSP", "MAC", "NAT"), open=True), title="Protocol"),
        "StreamType": Field(TEXT, title="Stream"),
        "SubRtspUrl": Field(SECRET, title="RTSP address of the extra stream"),
        "UserName": _USER_NAME,
    },
)

ROWS: tuple[Spec, ...] = (
    Spec(
        name="NetWork.NetCommon",
        title="Address, ports, host name",
        fields={
            "DeviceID": Field(TEXT, title="Device number"),
            "GateWay": _GATEWAY,
            "HostIP": _ADDRESS,
            "HostName": Field(Text(64), title="Host name"),
            "HttpPort": Field(PORT, title="HTTP port"),
            "MAC": Field(TEXT, READ_ONLY, "MAC address"),
            "MaxBps": Field(Int(0, None, "kbit/s"), title="Limit of the bit rate, 0 none"),
            "MonMode": Field(
                Choice(("TCP", "UDP", "MCAST", "RTP"), open=True), title="Transport of live video"
            ),
            "SSLPort": Field(PORT, title="HTTPS port"),
            "Submask": _NETMASK,
            "TCPMaxConn": Field(Int(0, 255), title="Connections at once"),
            "TCPPort": Field(PORT, title="Media port, TCP"),
            "TransferPlan": Field(
                Choice(("Quality", "Fluency", "AutoAdapt", "Transmission"), open=True),
                title="Quality or fluency",
            ),
            "UDPPort": Field(PORT, title="Media port, UDP"),
            "UseHSDownLoad": Field(BOOL, title="Fast download"),
        },
    ),
    Spec(
        name="NetWork.NetDHCP",
        title="Address by DHCP, for each interface",
        fields={"[].Enable": ENABLE, "[].Interface": Field(TEXT, title="Interface")},
        keyed={"": Key("Interface")},
    ),
    Spec(
        name="NetWork.NetDNS",
        title="Name servers",
        fields={"Address": Field(IPV4, title="First"), "SpareAddress": Field(IPV4, title="Second")},
    ),
    Spec(
        name="NetWork.NetIPFilter",
        title="Addresses that may connect",
        fields={
            "Banned": Field(_ADDRESSES, title="Refused"),
            "Enable": ENABLE,
            "Trusted": Field(_ADDRESSES, title="Admitted"),
        },
    ),
    Spec(
        name="NetWork.NetPPPoE",
        title="PPPoE",
        fields={"Enable": ENABLE, "HostIP": Field(IPV4, READ_ONLY, "Address"), **_SERVER},
    ),
    Spec(name="NetWork.IPAdaptive", title="Address adapts to the network", fields={"IPAdaptive": ENABLE}),
    Spec(
        name="NetWork.Wifi",
        title="Wi-Fi",
        fields={
            "Auth": Field(
                Choice(
                    ("OPEN", "SHARED", "WEPAUTO", "WPAPSK", "WPA2PSK", "WPANONE", "WPA", "WPA2"), open=True
                ),
                title="Authentication",
            ),
            "Channel": Field(Int(0, 255), title="Radio channel"),
            "Enable": ENABLE,
            "EncrypType": Field(Choice(("NONE", "WEP", "TKIP", "AES"), open=True), title="Encryption"),
            "GateWay": _GATEWAY,
            "HostIP": _ADDRESS,
            "KeyType": Field(Code({"hex": 0, "text": 1}), title="Form of the key"),
            "Keys": Field(Text(128, secret=True), title="Key"),
            "NetType": Field(Choice(("Infra", "Adhoc"), open=True), title="Kind of network"),
            "SSID": Field(Text(32), title="Network"),
            "Submask": _NETMASK,
        },
    ),
    Spec(
        name="NetWork.Net3G",
        title="Mobile network",
        fields={
            "APN": Field(TEXT, title="Access point"),
            "Address": Field(TEXT, title="Address"),
            "DialNum": Field(TEXT, title="Number dialled"),
            "Enable": ENABLE,
            "NetworkType": Field(
                Choice(("AUTO", "TD_SCDMA", "WCDMA", "CDMA_1X", "EDGE", "EVDO"), open=True), title="Network"
            ),
            "Password": _PASSWORD,
            "UserName": _USER_NAME,
        },
    ),
    Spec(
        name="NetWork.NetOrder",
        title="Order of the networks",
        fields={
            "Enable": ENABLE,
            "NetCount": Field(INT, title="Networks"),
            "NetOrder[].NetOrder": Field(INT, title="Priority, 0 first"),
            "NetOrder[].NetType": Field(Code({"wired": 0, "wi-fi": 1, "mobile": 2}), title="Network"),
        },
    ),
    Spec(
        name="NetWork.DigTimeSyn",
        title="Time of the cameras of digital channels",
        per_channel=True,
        fields={"TimeSyn": Field(Choice(("OFF", "UTC", "Local", "T&Z"), open=True), title="Synchronise")},
    ),
    Spec(
        name="NetWork.RemoteDevice",
        title="Cameras of digital channels (old form)",
        per_channel=True,
        fields={
            "Channel": Field(CHANNEL, title="Channel of the camera"),
            "Enable": ENABLE,
            "IPAddress": Field(HOST, title="Address"),
            "PassWord": _PASSWORD,
            "Port": Field(PORT, title="Port"),
            "Protocol": Field(TEXT, title="Protocol"),
            "UserName": _USER_NAME,
        },
    ),
    Spec(
        name="NetWork.RemoteDeviceV3",
        title="Cameras of digital channels",
        per_channel=True,
        fields={
            "ConnType": Field(
                Choice(("SINGLE", "MULTI"), open=True), title="One camera or a tour of several"
            ),
            "EnCheckTime": Field(BOOL, title="Set the camera's time"),
            "Enable": ENABLE,
            "SingleConnId": Field(Int(0), title="Camera in use, from 1, 0 none"),
            "TourIntv": Field(Int(0, None, "s"), title="Time a camera is shown"),
            **_DECODER,
        },
    ),
    Spec(
        name="NetWork.ChnStatus",
        title="State of digital channels",
        read_only=True,
        fields=under(
            "[]",
            {
                "ChnName": reported("Name"),
                "CurRes": reported("Resolution"),
                "MaxRes": reported("Largest resolution"),
                "Status": reported("State"),
            },
        ),
    ),
    Spec(
        name="WifiAPALL",
        title="Wi-Fi networks seen",
        read_only=True,
        fields={"Numbers": reported("How many"), "WifiAP": reported("Networks")},
    ),
)
