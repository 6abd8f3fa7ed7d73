"""Network and the services that a device uses or offers."""

from __future__ import annotations

from ..control import Control, within

_DDNS = ("CN99", "DynDns", "NO-IP", "Oray", "MYQ-SEE")


def _ddns(service: str) -> tuple[Control, ...]:
    key = f"ddns_{service.lower().replace('-', '_')}"
    at = f"[DDNSKey={service}]"
    return within(
        "NetWork.NetDDNS",
        (key, f"{at}.Enable", f"Dynamic DNS by {service}"),
        (f"{key}_host", f"{at}.HostName", f"Host name at {service}"),
        (f"{key}_user", f"{at}.Server.UserName", f"User name at {service}"),
        (f"{key}_password", f"{at}.Server.Password", f"Password at {service}"),
        entity=False,
    )


ROWS: tuple[Control, ...] = (
    *within(
        "NetWork.NetNTP",
        ("ntp", "Enable", "Time from a server"),
        ("ntp_server", "Server.Name", "Time server"),
        ("ntp_interval", "UpdatePeriod", "Time server asked every"),
    ),
    *within("NetWork.NetNTP", ("ntp_port", "Server.Port", "Time server port"), entity=False),
    *within("NetWork.NetEmail", ("mail", "Enable", "E-mail")),
    *within(
        "NetWork.NetEmail",
        ("mail_server", "MailServer.Name", "Mail server"),
        ("mail_port", "MailServer.Port", "Mail server port"),
        ("mail_user", "MailServer.UserName", "Mail user name"),
        ("mail_password", "MailServer.Password", "Mail password"),
        ("mail_without_account", "MailServer.Anonymity", "Mail without account"),
        ("mail_encryption", "UseSSL", "Mail encryption"),
        ("mail_sender", "SendAddr", "Mail sender"),
        ("mail_receivers", "Recievers", "Mail receivers"),
        ("mail_subject", "Title", "Mail subject"),
        ("mail_schedule", "Schedule", "When to send mail"),
        entity=False,
    ),
    *within("NetWork.NetFTP", ("ftp", "Enable", "FTP")),
    *within(
        "NetWork.NetFTP",
        ("ftp_server", "Server.Name", "FTP server"),
        ("ftp_port", "Server.Port", "FTP port"),
        ("ftp_user", "Server.UserName", "FTP user name"),
        ("ftp_password", "Server.Password", "FTP password"),
        ("ftp_without_account", "Server.Anonymity", "FTP without account"),
        ("ftp_directory", "Directory", "FTP directory"),
        ("ftp_file_size", "MaxFileLen", "Largest file by FTP"),
        entity=False,
    ),
    *(row for service in _DDNS for row in _ddns(service)),
    *within(
        "NetWork.NetPPPoE",
        ("pppoe", "Enable", "PPPoE"),
        ("pppoe_user", "Server.UserName", "PPPoE user name"),
        ("pppoe_password", "Server.Password", "PPPoE password"),
        entity=False,
    ),
    *within(
        "NetWork.Upnp",
        ("upnp", "Enable", "UPnP"),
    ),
    *within(
        "NetWork.Upnp",
        ("upnp_http_port", "HTTPPort", "HTTP port at the router"),
        ("upnp_media_port", "MediaPort", "Media port at the router"),
        ("upnp_mobile_port", "MobilePort", "Mobile port at the router"),
        entity=False,
    ),
    Control("cloud", "NetWork.Nat", "NatEnable", "Cloud connection", basic=True),
    *within("NetWork.Nat", ("cloud_packet_size", "XMeyeMTU", "Largest cloud packet"), entity=False),
    *within("NetWork.PMS", ("cloud_notifications", "Enable", "Notifications by the cloud")),
    *within(
        "NetWork.PMS",
        ("cloud_notification_interval", "PushInterval", "Least time between notifications"),
        entity=False,
    ),
    *within(
        "NetWork.OnlineUpgrade",
        ("cloud_firmware", "Enable", "Firmware from the cloud"),
        ("cloud_firmware_check", "AutoCheck", "Look for firmware in the cloud"),
        ("cloud_firmware_important", "AutoUpgradeImp", "Install important firmware by itself"),
    ),
    *within(
        "NetWork.DisableXmServerConn",
        ("cloud_cut", "DisableAll", "Cut every cloud connection"),
    ),
    *within("NetWork.OnvifPwdCheckout", ("onvif_password", "Enable", "ONVIF asks for a password")),
    *within("NetWork.OnVif", ("onvif", "Enable", "ONVIF")),
    *within("NetWork.OnVif", ("onvif_port", "Port", "ONVIF port"), entity=False),
    *within("NetWork.RTSP", ("rtsp", "IsServer", "RTSP server")),
    *within("NetWork.RTSP", ("rtsp_port", "Server.Port", "RTSP port"), entity=False),
    *within("NetWork.NetRTSP", ("rtsp_service", "Enable", "RTSP service")),
    *within(
        "NetWork.IPAdaptive", ("address_adapts", "IPAdaptive", "Address adapts to the network"), entity=False
    ),
    *within("NetWork.CheckNetState", ("restart_without_network", "Enable", "Restart without network")),
    *within(
        "NetWork.AlarmServer",
        ("alarm_server", "[0].Enable", "Alarm server"),
        ("alarm_server_host", "[0].Server.Name", "Alarm server host"),
        ("alarm_server_port", "[0].Server.Port", "Alarm server port"),
        ("alarm_server_protocol", "[0].Protocol", "Alarm server protocol"),
        ("alarm_server_alarms", "[0].Alarm", "Alarms to the alarm server"),
        ("alarm_server_log", "[0].Log", "Log entries to the alarm server"),
        entity=False,
    ),
    *within(
        "NetWork.DAS",
        ("registration", "Enable", "Registration at a server"),
        ("registration_server", "ServerAddr", "Registration server"),
        ("registration_port", "Port", "Registration port"),
        ("registration_id", "DeviceID", "Registration number"),
        ("registration_user", "UserName", "Registration user name"),
        ("registration_password", "Password", "Registration password"),
        entity=False,
    ),
    *within(
        "NetWork.NetDNS",
        ("dns_1", "Address", "First name server"),
        ("dns_2", "SpareAddress", "Second name server"),
        entity=False,
    ),
    *within(
        "NetWork.NetCommon",
        ("host_name", "HostName", "Host name"),
        ("http_port", "HttpPort", "HTTP port"),
        ("https_port", "SSLPort", "HTTPS port"),
        ("max_connections", "TCPMaxConn", "Connections at once"),
        ("transfer_plan", "TransferPlan", "Quality or fluency"),
        ("fast_download", "UseHSDownLoad", "Fast download"),
        entity=False,
    ),
)
