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
  tracking: {type: bool, description: "Follow what moves: true or false. It is C(Detect.DetectTrack Enable) of the device."}
  tracking_sensitivity: {type: int, description: "Tracking sensitivity: a whole number from 0 to 10. It is C(Detect.DetectTrack Sensitivity) of the device."}
  tracking_return_time: {type: int, description: "Return after tracking: a whole number from 0 s. It is C(Detect.DetectTrack ReturnTime) of the device."}
  address_conflict_alarm: {type: bool, description: "Address conflict alarm: true or false. It is C(Alarm.NetIPConflict Enable) of the device."}
  address_conflict_output: {type: bool, description: "Address conflict: switch relay outputs: true or false. It is C(Alarm.NetIPConflict
    EventHandler.AlarmOutEnable) of the device."}
  address_conflict_output_time: {type: int, description: "Address conflict: relay hold time: a whole number from 10 to 300 s. It is C(Alarm.NetIPConflict
    EventHandler.AlarmOutLatch) of the device."}
  address_conflict_outputs: {type: raw, description: "Address conflict: relay outputs: a list of relay outputs from 1 to 128. It is C(Alarm.NetIPConflict
    EventHandler.AlarmOutMask) of the device."}
  address_conflict_buzzer: {type: bool, description: "Address conflict: buzzer: true or false. It is C(Alarm.NetIPConflict EventHandler.BeepEnable) of the
    device."}
  address_conflict_voice: {type: bool, description: "Address conflict: voice prompt: true or false. It is C(Alarm.NetIPConflict EventHandler.VoiceEnable) of the
    device."}
  address_conflict_mail: {type: bool, description: "Address conflict: send e-mail: true or false. It is C(Alarm.NetIPConflict EventHandler.MailEnable) of the
    device."}
  address_conflict_push: {type: bool, description: "Address conflict: push to network clients: true or false. It is C(Alarm.NetIPConflict
    EventHandler.MsgtoNetEnable) of the device."}
  address_conflict_report: {type: bool, description: "Address conflict: report to the alarm server: true or false. It is C(Alarm.NetIPConflict
    EventHandler.MessageEnable) of the device."}
  address_conflict_screen_message: {type: bool, description: "Address conflict: message on the screen: true or false. It is C(Alarm.NetIPConflict
    EventHandler.TipEnable) of the device."}
  address_conflict_log: {type: bool, description: "Address conflict: write to the log: true or false. It is C(Alarm.NetIPConflict EventHandler.LogEnable) of the
    device."}
  network_loss_alarm: {type: bool, description: "Network loss alarm: true or false. It is C(Alarm.NetAbort Enable) of the device."}
  network_loss_output: {type: bool, description: "Network loss: switch relay outputs: true or false. It is C(Alarm.NetAbort EventHandler.AlarmOutEnable) of the
    device."}
  network_loss_output_time: {type: int, description: "Network loss: relay hold time: a whole number from 10 to 300 s. It is C(Alarm.NetAbort
    EventHandler.AlarmOutLatch) of the device."}
  network_loss_outputs: {type: raw, description: "Network loss: relay outputs: a list of relay outputs from 1 to 128. It is C(Alarm.NetAbort
    EventHandler.AlarmOutMask) of the device."}
  network_loss_buzzer: {type: bool, description: "Network loss: buzzer: true or false. It is C(Alarm.NetAbort EventHandler.BeepEnable) of the device."}
  network_loss_voice: {type: bool, description: "Network loss: voice prompt: true or false. It is C(Alarm.NetAbort EventHandler.VoiceEnable) of the device."}
  network_loss_mail: {type: bool, description: "Network loss: send e-mail: true or false. It is C(Alarm.NetAbort EventHandler.MailEnable) of the device."}
  network_loss_push: {type: bool, description: "Network loss: push to network clients: true or false. It is C(Alarm.NetAbort EventHandler.MsgtoNetEnable) of the
    device."}
  network_loss_report: {type: bool, description: "Network loss: report to the alarm server: true or false. It is C(Alarm.NetAbort EventHandler.MessageEnable) of
    the device."}
  network_loss_screen_message: {type: bool, description: "Network loss: message on the screen: true or false. It is C(Alarm.NetAbort EventHandler.TipEnable) of
    the device."}
  network_loss_log: {type: bool, description: "Network loss: write to the log: true or false. It is C(Alarm.NetAbort EventHandler.LogEnable) of the device."}
  no_disk_alarm: {type: bool, description: "No disk alarm: true or false. It is C(Storage.StorageNotExist Enable) of the device."}
  no_disk_output: {type: bool, description: "No disk: switch relay outputs: true or false. It is C(Storage.StorageNotExist EventHandler.AlarmOutEnable) of the
    device."}
  no_disk_output_time: {type: int, description: "No disk: relay hold time: a whole number from 10 to 300 s. It is C(Storage.StorageNotExist
    EventHandler.AlarmOutLatch) of the device."}
  no_disk_outputs: {type: raw, description: "No disk: relay outputs: a list of relay outputs from 1 to 128. It is C(Storage.StorageNotExist
    EventHandler.AlarmOutMask) of the device."}
  no_disk_buzzer: {type: bool, description: "No disk: buzzer: true or false. It is C(Storage.StorageNotExist EventHandler.BeepEnable) of the device."}
  no_disk_voice: {type: bool, description: "No disk: voice prompt: true or false. It is C(Storage.StorageNotExist EventHandler.VoiceEnable) of the device."}
  no_disk_mail: {type: bool, description: "No disk: send e-mail: true or false. It is C(Storage.StorageNotExist EventHandler.MailEnable) of the device."}
  no_disk_push: {type: bool, description: "No disk: push to network clients: true or false. It is C(Storage.StorageNotExist EventHandler.MsgtoNetEnable) of the
    device."}
  no_disk_report: {type: bool, description: "No disk: report to the alarm server: true or false. It is C(Storage.StorageNotExist EventHandler.MessageEnable) of
    the device."}
  no_disk_screen_message: {type: bool, description: "No disk: message on the screen: true or false. It is C(Storage.StorageNotExist EventHandler.TipEnable) of
    the device."}
  no_disk_log: {type: bool, description: "No disk: write to the log: true or false. It is C(Storage.StorageNotExist EventHandler.LogEnable) of the device."}
  disk_failure_alarm: {type: bool, description: "Disk failure alarm: true or false. It is C(Storage.StorageFailure Enable) of the device."}
  disk_failure_output: {type: bool, description: "Disk failure: switch relay outputs: true or false. It is C(Storage.StorageFailure EventHandler.AlarmOutEnable)
    of the device."}
  disk_failure_output_time: {type: int, description: "Disk failure: relay hold time: a whole number from 10 to 300 s. It is C(Storage.StorageFailure
    EventHandler.AlarmOutLatch) of the device."}
  disk_failure_outputs: {type: raw, description: "Disk failure: relay outputs: a list of relay outputs from 1 to 128. It is C(Storage.StorageFailure
    EventHandler.AlarmOutMask) of the device."}
  disk_failure_buzzer: {type: bool, description: "Disk failure: buzzer: true or false. It is C(Storage.StorageFailure EventHandler.BeepEnable) of the device."}
  disk_failure_voice: {type: bool, description: "Disk failure: voice prompt: true or false. It is C(Storage.StorageFailure EventHandler.VoiceEnable) of the
    device."}
  disk_failure_mail: {type: bool, description: "Disk failure: send e-mail: true or false. It is C(Storage.StorageFailure EventHandler.MailEnable) of the
    device."}
  disk_failure_push: {type: bool, description: "Disk failure: push to network clients: true or false. It is C(Storage.StorageFailure
    EventHandler.MsgtoNetEnable) of the device."}
  disk_failure_report: {type: bool, description: "Disk failure: report to the alarm server: true or false. It is C(Storage.StorageFailure
    EventHandler.MessageEnable) of the device."}
  disk_failure_screen_message: {type: bool, description: "Disk failure: message on the screen: true or false. It is C(Storage.StorageFailure
    EventHandler.TipEnable) of the device."}
  disk_failure_log: {type: bool, description: "Disk failure: write to the log: true or false. It is C(Storage.StorageFailure EventHandler.LogEnable) of the
    device."}
  low_space_alarm: {type: bool, description: "Low space alarm: true or false. It is C(Storage.StorageLowSpace Enable) of the device."}
  low_space_limit: {type: int, description: "Low space limit: a whole number from 0. It is C(Storage.StorageLowSpace LowerLimit) of the device."}
  low_space_output: {type: bool, description: "Low space: switch relay outputs: true or false. It is C(Storage.StorageLowSpace EventHandler.AlarmOutEnable) of
    the device."}
  low_space_output_time: {type: int, description: "Low space: relay hold time: a whole number from 10 to 300 s. It is C(Storage.StorageLowSpace
    EventHandler.AlarmOutLatch) of the device."}
  low_space_outputs: {type: raw, description: "Low space: relay outputs: a list of relay outputs from 1 to 128. It is C(Storage.StorageLowSpace
    EventHandler.AlarmOutMask) of the device."}
  low_space_buzzer: {type: bool, description: "Low space: buzzer: true or false. It is C(Storage.StorageLowSpace EventHandler.BeepEnable) of the device."}
  low_space_voice: {type: bool, description: "Low space: voice prompt: true or false. It is C(Storage.StorageLowSpace EventHandler.VoiceEnable) of the device."}
  low_space_mail: {type: bool, description: "Low space: send e-mail: true or false. It is C(Storage.StorageLowSpace EventHandler.MailEnable) of the device."}
  low_space_push: {type: bool, description: "Low space: push to network clients: true or false. It is C(Storage.StorageLowSpace EventHandler.MsgtoNetEnable) of
    the device."}
  low_space_report: {type: bool, description: "Low space: report to the alarm server: true or false. It is C(Storage.StorageLowSpace EventHandler.MessageEnable)
    of the device."}
  low_space_screen_message: {type: bool, description: "Low space: message on the screen: true or false. It is C(Storage.StorageLowSpace EventHandler.TipEnable)
    of the device."}
  low_space_log: {type: bool, description: "Low space: write to the log: true or false. It is C(Storage.StorageLowSpace EventHandler.LogEnable) of the device."}
  white_light: {type: str, description: "White light mode: text such as Auto, KeepOpen, Close, Intelligent, Timing. It is C(Camera.WhiteLight WorkMode) of the
    device."}
  white_light_brightness: {type: int, description: "White light brightness: a whole number from 0 to 100 %. It is C(Camera.WhiteLight Brightness) of the
    device."}
  white_light_after_motion: {type: int, description: "White light after motion: a whole number from 0 to 3600 s. It is C(Camera.WhiteLight
    MoveTrigLight.Duration) of the device."}
  white_light_sensitivity: {type: int, description: "White light motion sensitivity: a whole number from 0 to 10. It is C(Camera.WhiteLight MoveTrigLight.Level)
    of the device."}
  white_light_period: {type: bool, description: "White light within a period only: true or false. It is C(Camera.WhiteLight WorkPeriod.Enable) of the device."}
  white_light_from: {type: str, description: "White light from: a time of day such as \"08:30\", at most \"24:00\". It is C(Camera.WhiteLight WorkPeriod.SHour)
    of the device."}
  white_light_until: {type: str, description: "White light until: a time of day such as \"08:30\", at most \"24:00\". It is C(Camera.WhiteLight
    WorkPeriod.EHour) of the device."}
  status_light: {type: bool, description: "Status light: true or false. It is C(FbExtraStateCtrl ison) of the device."}
  voice_prompts: {type: bool, description: "Voice prompts: true or false. It is C(FbExtraStateCtrl PlayVoiceTip) of the device."}
  text_in_picture: {type: bool, description: "Text in the picture: true or false. It is C(fVideo.OSDInfo OSDInfo[0].OSDInfoWidget.EncodeBlend) of the device."}
  logo_in_picture: {type: bool, description: "Logo in the picture: true or false. It is C(fVideo.OsdLogo Enable) of the device."}
  when_disk_full: {type: str, description: "When the disk is full: text such as OverWrite, StopRecord, KeepClose. It is C(General.General OverWrite) of the
    device."}
  storage_sata: {type: bool, description: "Record to SATA disks: true or false. It is C(Storage.StoragePosition SATA) of the device."}
  storage_sd: {type: bool, description: "Record to the SD card: true or false. It is C(Storage.StoragePosition SD) of the device."}
  storage_usb: {type: bool, description: "Record to USB disks: true or false. It is C(Storage.StoragePosition USB) of the device."}
  storage_dvd: {type: bool, description: "Record to the DVD writer: true or false. It is C(Storage.StoragePosition DVD) of the device."}
  ntp: {type: bool, description: "Time from a server: true or false. It is C(NetWork.NetNTP Enable) of the device."}
  ntp_server: {type: str, description: "Time server: text of at most 64 bytes. It is C(NetWork.NetNTP Server.Name) of the device."}
  ntp_interval: {type: int, description: "Time server asked every: a whole number from 1 to 65536 min. It is C(NetWork.NetNTP UpdatePeriod) of the device."}
  ntp_port: {type: int, description: "Time server port: a whole number from 1 to 65535. It is C(NetWork.NetNTP Server.Port) of the device."}
  mail: {type: bool, description: "E-mail: true or false. It is C(NetWork.NetEmail Enable) of the device."}
  mail_server: {type: str, description: "Mail server: text of at most 64 bytes. It is C(NetWork.NetEmail MailServer.Name) of the device."}
  mail_port: {type: int, description: "Mail server port: a whole number from 1 to 65535. It is C(NetWork.NetEmail MailServer.Port) of the device."}
  mail_user: {type: str, description: "Mail user name: text of at most 64 bytes. It is C(NetWork.NetEmail MailServer.UserName) of the device."}
  mail_password: {type: str, description: "Mail password: text. It is C(NetWork.NetEmail MailServer.Password) of the device."}
  mail_without_account: {type: bool, description: "Mail without account: true or false. It is C(NetWork.NetEmail MailServer.Anonymity) of the device."}
  mail_encryption: {type: str, description: "Mail encryption: one of off (0), ssl (1), tls (2). It is C(NetWork.NetEmail UseSSL) of the device.", choices:
    ["off", "ssl", "tls"]}
  mail_sender: {type: str, description: "Mail sender: text of at most 128 bytes. It is C(NetWork.NetEmail SendAddr) of the device."}
  mail_receivers: {type: raw, description: "Mail receivers: a list of at most 5, each text of at most 64 bytes. It is C(NetWork.NetEmail Recievers) of the
    device."}
  mail_subject: {type: str, description: "Mail subject: text of at most 128 bytes. It is C(NetWork.NetEmail Title) of the device."}
  mail_schedule: {type: raw, description: "When to send mail: a list, each a part of a day such as \"08:00-17:30\", at most to 24:00, or \"off\". It is
    C(NetWork.NetEmail Schedule) of the device."}
  ftp: {type: bool, description: "FTP: true or false. It is C(NetWork.NetFTP Enable) of the device."}
  ftp_server: {type: str, description: "FTP server: text of at most 64 bytes. It is C(NetWork.NetFTP Server.Name) of the device."}
  ftp_port: {type: int, description: "FTP port: a whole number from 1 to 65535. It is C(NetWork.NetFTP Server.Port) of the device."}
  ftp_user: {type: str, description: "FTP user name: text of at most 64 bytes. It is C(NetWork.NetFTP Server.UserName) of the device."}
  ftp_password: {type: str, description: "FTP password: text. It is C(NetWork.NetFTP Server.Password) of the device."}
  ftp_without_account: {type: bool, description: "FTP without account: true or false. It is C(NetWork.NetFTP Server.Anonymity) of the device."}
  ftp_directory: {type: str, description: "FTP directory: text. It is C(NetWork.NetFTP Directory) of the device."}
  ftp_file_size: {type: int, description: "Largest file by FTP: a whole number from 0 to 4096 MB. It is C(NetWork.NetFTP MaxFileLen) of the device."}
  ddns_cn99: {type: bool, description: "Dynamic DNS by CN99: true or false. It is C(NetWork.NetDDNS [DDNSKey=CN99].Enable) of the device."}
  ddns_cn99_host: {type: str, description: "Host name at CN99: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=CN99].HostName) of the device."}
  ddns_cn99_user: {type: str, description: "User name at CN99: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=CN99].Server.UserName) of the
    device."}
  ddns_cn99_password: {type: str, description: "Password at CN99: text. It is C(NetWork.NetDDNS [DDNSKey=CN99].Server.Password) of the device."}
  ddns_dyndns: {type: bool, description: "Dynamic DNS by DynDns: true or false. It is C(NetWork.NetDDNS [DDNSKey=DynDns].Enable) of the device."}
  ddns_dyndns_host: {type: str, description: "Host name at DynDns: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=DynDns].HostName) of the device."}
  ddns_dyndns_user: {type: str, description: "User name at DynDns: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=DynDns].Server.UserName) of the
    device."}
  ddns_dyndns_password: {type: str, description: "Password at DynDns: text. It is C(NetWork.NetDDNS [DDNSKey=DynDns].Server.Password) of the device."}
  ddns_no_ip: {type: bool, description: "Dynamic DNS by NO-IP: true or false. It is C(NetWork.NetDDNS [DDNSKey=NO-IP].Enable) of the device."}
  ddns_no_ip_host: {type: str, description: "Host name at NO-IP: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=NO-IP].HostName) of the device."}
  ddns_no_ip_user: {type: str, description: "User name at NO-IP: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=NO-IP].Server.UserName) of the
    device."}
  ddns_no_ip_password: {type: str, description: "Password at NO-IP: text. It is C(NetWork.NetDDNS [DDNSKey=NO-IP].Server.Password) of the device."}
  ddns_oray: {type: bool, description: "Dynamic DNS by Oray: true or false. It is C(NetWork.NetDDNS [DDNSKey=Oray].Enable) of the device."}
  ddns_oray_host: {type: str, description: "Host name at Oray: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=Oray].HostName) of the device."}
  ddns_oray_user: {type: str, description: "User name at Oray: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=Oray].Server.UserName) of the
    device."}
  ddns_oray_password: {type: str, description: "Password at Oray: text. It is C(NetWork.NetDDNS [DDNSKey=Oray].Server.Password) of the device."}
  ddns_myq_see: {type: bool, description: "Dynamic DNS by MYQ-SEE: true or false. It is C(NetWork.NetDDNS [DDNSKey=MYQ-SEE].Enable) of the device."}
  ddns_myq_see_host: {type: str, description: "Host name at MYQ-SEE: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=MYQ-SEE].HostName) of the
    device."}
  ddns_myq_see_user: {type: str, description: "User name at MYQ-SEE: text of at most 64 bytes. It is C(NetWork.NetDDNS [DDNSKey=MYQ-SEE].Server.UserName) of the
    device."}
  ddns_myq_see_password: {type: str, description: "Password at MYQ-SEE: text. It is C(NetWork.NetDDNS [DDNSKey=MYQ-SEE].Server.Password) of the device."}
  pppoe: {type: bool, description: "PPPoE: true or false. It is C(NetWork.NetPPPoE Enable) of the device."}
  pppoe_user: {type: str, description: "PPPoE user name: text of at most 64 bytes. It is C(NetWork.NetPPPoE Server.UserName) of the device."}
  pppoe_password: {type: str, description: "PPPoE password: text. It is C(NetWork.NetPPPoE Server.Password) of the device."}
  upnp: {type: bool, description: "UPnP: true or false. It is C(NetWork.Upnp Enable) of the device."}
  upnp_http_port: {type: int, description: "HTTP port at the router: a whole number from 0 to 65535. It is C(NetWork.Upnp HTTPPort) of the device."}
  upnp_media_port: {type: int, description: "Media port at the router: a whole number from 0 to 65535. It is C(NetWork.Upnp MediaPort) of the device."}
  upnp_mobile_port: {type: int, description: "Mobile port at the router: a whole number from 0 to 65535. It is C(NetWork.Upnp MobilePort) of the device."}
  cloud: {type: bool, description: "Cloud connection: true or false. It is C(NetWork.Nat NatEnable) of the device."}
  cloud_packet_size: {type: int, description: "Largest cloud packet: a whole number from 0 to 65535 B. It is C(NetWork.Nat XMeyeMTU) of the device."}
  cloud_notifications: {type: bool, description: "Notifications by the cloud: true or false. It is C(NetWork.PMS Enable) of the device."}
  cloud_notification_interval: {type: int, description: "Least time between notifications: a whole number from 0 s. It is C(NetWork.PMS PushInterval) of the
    device."}
  cloud_firmware: {type: bool, description: "Firmware from the cloud: true or false. It is C(NetWork.OnlineUpgrade Enable) of the device."}
  cloud_firmware_check: {type: bool, description: "Look for firmware in the cloud: true or false. It is C(NetWork.OnlineUpgrade AutoCheck) of the device."}
  cloud_firmware_important: {type: bool, description: "Install important firmware by itself: true or false. It is C(NetWork.OnlineUpgrade AutoUpgradeImp) of the
    device."}
  cloud_cut: {type: bool, description: "Cut every cloud connection: true or false. It is C(NetWork.DisableXmServerConn DisableAll) of the device."}
  onvif_password: {type: bool, description: "ONVIF asks for a password: true or false. It is C(NetWork.OnvifPwdCheckout Enable) of the device."}
  onvif: {type: bool, description: "ONVIF: true or false. It is C(NetWork.OnVif Enable) of the device."}
  onvif_port: {type: int, description: "ONVIF port: a whole number from 1 to 65535. It is C(NetWork.OnVif Port) of the device."}
  rtsp: {type: bool, description: "RTSP server: true or false. It is C(NetWork.RTSP IsServer) of the device."}
  rtsp_port: {type: int, description: "RTSP port: a whole number from 1 to 65535. It is C(NetWork.RTSP Server.Port) of the device."}
  rtsp_service: {type: bool, description: "RTSP service: true or false. It is C(NetWork.NetRTSP Enable) of the device."}
  address_adapts: {type: bool, description: "Address adapts to the network: true or false. It is C(NetWork.IPAdaptive IPAdaptive) of the device."}
  restart_without_network: {type: bool, description: "Restart without network: true or false. It is C(NetWork.CheckNetState Enable) of the device."}
  alarm_server: {type: bool, description: "Alarm server: true or false. It is C(NetWork.AlarmServer [0].Enable) of the device."}
  alarm_server_host: {type: str, description: "Alarm server host: text of at most 64 bytes. It is C(NetWork.AlarmServer [0].Server.Name) of the device."}
  alarm_server_port: {type: int, description: "Alarm server port: a whole number from 1 to 65535. It is C(NetWork.AlarmServer [0].Server.Port) of the device."}
  alarm_server_protocol: {type: str, description: "Alarm server protocol: text such as GENERAL, NONE. It is C(NetWork.AlarmServer [0].Protocol) of the device."}
  alarm_server_alarms: {type: bool, description: "Alarms to the alarm server: true or false. It is C(NetWork.AlarmServer [0].Alarm) of the device."}
  alarm_server_log: {type: bool, description: "Log entries to the alarm server: true or false. It is C(NetWork.AlarmServer [0].Log) of the device."}
  registration: {type: bool, description: "Registration at a server: true or false. It is C(NetWork.DAS Enable) of the device."}
  registration_server: {type: str, description: "Registration server: text of at most 64 bytes. It is C(NetWork.DAS ServerAddr) of the device."}
  registration_port: {type: int, description: "Registration port: a whole number from 1 to 65535. It is C(NetWork.DAS Port) of the device."}
  registration_id: {type: str, description: "Registration number: text. It is C(NetWork.DAS DeviceID) of the device."}
  registration_user: {type: str, description: "Registration user name: text of at most 64 bytes. It is C(NetWork.DAS UserName) of the device."}
  registration_password: {type: str, description: "Registration password: text. It is C(NetWork.DAS Password) of the device."}
  dns_1: {type: str, description: "First name server: an IPv4 address such as 192.168.1.10. It is C(NetWork.NetDNS Address) of the device."}
  dns_2: {type: str, description: "Second name server: an IPv4 address such as 192.168.1.10. It is C(NetWork.NetDNS SpareAddress) of the device."}
  host_name: {type: str, description: "Host name: text of at most 64 bytes. It is C(NetWork.NetCommon HostName) of the device."}
  http_port: {type: int, description: "HTTP port: a whole number from 1 to 65535. It is C(NetWork.NetCommon HttpPort) of the device."}
  https_port: {type: int, description: "HTTPS port: a whole number from 1 to 65535. It is C(NetWork.NetCommon SSLPort) of the device."}
  max_connections: {type: int, description: "Connections at once: a whole number from 0 to 255. It is C(NetWork.NetCommon TCPMaxConn) of the device."}
  transfer_plan: {type: str, description: "Quality or fluency: text such as Quality, Fluency, AutoAdapt, Transmission. It is C(NetWork.NetCommon TransferPlan)
    of the device."}
  fast_download: {type: bool, description: "Fast download: true or false. It is C(NetWork.NetCommon UseHSDownLoad) of the device."}
  device_name: {type: str, description: "Device name: text of at most 64 bytes. It is C(General.General MachineName) of the device."}
  screen_logout: {type: int, description: "Log out of the local screen: a whole number from 0 to 120 min. It is C(General.General AutoLogout) of the device."}
  remote_number: {type: int, description: "Number for remote controls: a whole number from 0 to 998. It is C(General.General LocalNo) of the device."}
  video_output: {type: str, description: "Video output: text such as Auto, TV, VGA. It is C(General.General VideoOutPut) of the device."}
  time_zone: {type: str, description: "Time zone: an offset from UTC such as +01:00 or -03:30. It is C(System.TimeZone timeMin) of the device."}
  daylight_saving: {type: bool, description: "Daylight saving time: true or false. It is C(General.Location DSTRule) of the device."}
  date_format: {type: str, description: "Date format: one of YYMMDD, MMDDYY, DDMMYY. It is C(General.Location DateFormat) of the device.", choices: ["YYMMDD",
    "MMDDYY", "DDMMYY"]}
  clock_format: {type: str, description: "Clock format: one of 12, 24. It is C(General.Location TimeFormat) of the device.", choices: ["12", "24"]}
  language: {type: str, description: "Language: text such as English, SimpChinese, TradChinese, Russian, Italian, Spanish, Japanese, French, German, Portugal,
    Brazilian, Turkey, Poland, Romanian, Hungarian, Finnish, Estonian, Korean, Farsi, Dansk, Greek, Thai, Arabic, Bulgarian, Czech, Dutch, Hebrew, Indonesian,
    Slovakia, Swedish, Vietnamese, ChineseEnglish. It is C(General.Location Language) of the device."}
  video_standard: {type: str, description: "Video standard: one of PAL, NTSC, SECAM. It is C(General.Location VideoFormat) of the device.", choices: ["PAL",
    "NTSC", "SECAM"]}
  date_separator: {type: str, description: "Date separator: one of ., -, /. It is C(General.Location DateSeparator) of the device.", choices: [".", "-", "/"]}
  working_days: {type: raw, description: "Working days: a list of sunday, monday, tuesday, wednesday, thursday, friday, saturday. It is C(General.Location
    WorkDay) of the device."}
  restart_day: {type: str, description: "Automatic restart: one of Never, Everyday, Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday. It is
    C(General.AutoMaintain AutoRebootDay) of the device.", choices: ["Never", "Everyday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    "Saturday"]}
  restart_hour: {type: int, description: "Hour of the automatic restart: a whole number from 0 to 23 h. It is C(General.AutoMaintain AutoRebootHour) of the
    device."}
  delete_recordings_after: {type: int, description: "Delete recordings after: a whole number from 0 to 365 d. It is C(General.AutoMaintain AutoDeleteFilesDays)
    of the device."}
  resume_position: {type: bool, description: "Return to the last position after a restart: true or false. It is C(General.ResumePtzState Enable) of the
    device."}
  screen_brightness: {type: int, description: "Screen brightness: a whole number from 0 to 100 %. It is C(fVideo.TVAdjust Brightness) of the device."}
  screen_contrast: {type: int, description: "Screen contrast: a whole number from 0 to 100 %. It is C(fVideo.TVAdjust Contrast) of the device."}
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
      motion_pir_period_1: {type: bool, description: "Motion sensor period 1: true or false. It is C(Detect.MotionDetect
        PirTimeSection.PirTimeSectionOne.Enable) of the device."}
      motion_pir_period_2: {type: bool, description: "Motion sensor period 2: true or false. It is C(Detect.MotionDetect
        PirTimeSection.PirTimeSectionTwo.Enable) of the device."}
      motion_regions: {type: raw, description: "Motion regions: areas of the picture in per cent, each [left, top, right, bottom]; the empty list is none, or
        the device's rows of bits. It is C(Detect.MotionDetect Region) of the device."}
      motion_records: {type: bool, description: "Motion: record: true or false. It is C(Detect.MotionDetect EventHandler.RecordEnable) of the device."}
      motion_record_time: {type: int, description: "Motion: recording time after it: a whole number from 10 to 300 s. It is C(Detect.MotionDetect
        EventHandler.RecordLatch) of the device."}
      motion_record_channels: {type: raw, description: "Motion: channels to record: a list of channels from 1 to 128. It is C(Detect.MotionDetect
        EventHandler.RecordMask) of the device."}
      motion_pictures: {type: bool, description: "Motion: take pictures: true or false. It is C(Detect.MotionDetect EventHandler.SnapEnable) of the device."}
      motion_picture_channels: {type: raw, description: "Motion: channels to take pictures of: a list of channels from 1 to 128. It is C(Detect.MotionDetect
        EventHandler.SnapShotMask) of the device."}
      motion_output: {type: bool, description: "Motion: switch relay outputs: true or false. It is C(Detect.MotionDetect EventHandler.AlarmOutEnable) of the
        device."}
      motion_output_time: {type: int, description: "Motion: relay hold time: a whole number from 10 to 300 s. It is C(Detect.MotionDetect
        EventHandler.AlarmOutLatch) of the device."}
      motion_outputs: {type: raw, description: "Motion: relay outputs: a list of relay outputs from 1 to 128. It is C(Detect.MotionDetect
        EventHandler.AlarmOutMask) of the device."}
      motion_buzzer: {type: bool, description: "Motion: buzzer: true or false. It is C(Detect.MotionDetect EventHandler.BeepEnable) of the device."}
      motion_voice: {type: bool, description: "Motion: voice prompt: true or false. It is C(Detect.MotionDetect EventHandler.VoiceEnable) of the device."}
      motion_voice_prompt: {type: int, description: "Motion: number of the voice prompt: a whole number from 0. It is C(Detect.MotionDetect
        EventHandler.VoiceType) of the device."}
      motion_mail: {type: bool, description: "Motion: send e-mail: true or false. It is C(Detect.MotionDetect EventHandler.MailEnable) of the device."}
      motion_ftp: {type: bool, description: "Motion: upload by FTP: true or false. It is C(Detect.MotionDetect EventHandler.FTPEnable) of the device."}
      motion_push: {type: bool, description: "Motion: push to network clients: true or false. It is C(Detect.MotionDetect EventHandler.MsgtoNetEnable) of the
        device."}
      motion_report: {type: bool, description: "Motion: report to the alarm server: true or false. It is C(Detect.MotionDetect EventHandler.MessageEnable) of
        the device."}
      motion_screen_message: {type: bool, description: "Motion: message on the screen: true or false. It is C(Detect.MotionDetect EventHandler.TipEnable) of the
        device."}
      motion_tour: {type: bool, description: "Motion: tour on the screen: true or false. It is C(Detect.MotionDetect EventHandler.TourEnable) of the device."}
      motion_tour_channels: {type: raw, description: "Motion: channels of the tour: a list of channels from 1 to 128. It is C(Detect.MotionDetect
        EventHandler.TourMask) of the device."}
      motion_moves_camera: {type: bool, description: "Motion: move a camera: true or false. It is C(Detect.MotionDetect EventHandler.PtzEnable) of the device."}
      motion_log: {type: bool, description: "Motion: write to the log: true or false. It is C(Detect.MotionDetect EventHandler.LogEnable) of the device."}
      motion_interval: {type: int, description: "Motion: least time between events: a whole number from 0 to 600 s. It is C(Detect.MotionDetect
        EventHandler.EventLatch) of the device."}
      motion_schedule: {type: raw, description: "Motion: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday
        name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.MotionDetect EventHandler.TimeSection) of the device."}
      person_detection: {type: bool, description: "Person detection: true or false. It is C(Detect.HumanDetection Enable) of the device."}
      person_sensitivity: {type: int, description: "Person sensitivity: a whole number from 0 to 2. It is C(Detect.HumanDetection Sensitivity) of the device."}
      person_boxes: {type: bool, description: "Person boxes in the picture: true or false. It is C(Detect.HumanDetection ShowTrack) of the device."}
      person_rules: {type: bool, description: "Person rules in the picture: true or false. It is C(Detect.HumanDetection ShowRule) of the device."}
      person_face_boxes: {type: bool, description: "Face boxes in the picture: true or false. It is C(Detect.HumanDetection FaceShowTrack) of the device."}
      person_records: {type: bool, description: "Person: record: true or false. It is C(Detect.HumanDetection EventHandler.RecordEnable) of the device."}
      person_record_time: {type: int, description: "Person: recording time after it: a whole number from 10 to 300 s. It is C(Detect.HumanDetection
        EventHandler.RecordLatch) of the device."}
      person_record_channels: {type: raw, description: "Person: channels to record: a list of channels from 1 to 128. It is C(Detect.HumanDetection
        EventHandler.RecordMask) of the device."}
      person_pictures: {type: bool, description: "Person: take pictures: true or false. It is C(Detect.HumanDetection EventHandler.SnapEnable) of the device."}
      person_picture_channels: {type: raw, description: "Person: channels to take pictures of: a list of channels from 1 to 128. It is C(Detect.HumanDetection
        EventHandler.SnapShotMask) of the device."}
      person_output: {type: bool, description: "Person: switch relay outputs: true or false. It is C(Detect.HumanDetection EventHandler.AlarmOutEnable) of the
        device."}
      person_output_time: {type: int, description: "Person: relay hold time: a whole number from 10 to 300 s. It is C(Detect.HumanDetection
        EventHandler.AlarmOutLatch) of the device."}
      person_outputs: {type: raw, description: "Person: relay outputs: a list of relay outputs from 1 to 128. It is C(Detect.HumanDetection
        EventHandler.AlarmOutMask) of the device."}
      person_buzzer: {type: bool, description: "Person: buzzer: true or false. It is C(Detect.HumanDetection EventHandler.BeepEnable) of the device."}
      person_voice: {type: bool, description: "Person: voice prompt: true or false. It is C(Detect.HumanDetection EventHandler.VoiceEnable) of the device."}
      person_voice_prompt: {type: int, description: "Person: number of the voice prompt: a whole number from 0. It is C(Detect.HumanDetection
        EventHandler.VoiceType) of the device."}
      person_mail: {type: bool, description: "Person: send e-mail: true or false. It is C(Detect.HumanDetection EventHandler.MailEnable) of the device."}
      person_ftp: {type: bool, description: "Person: upload by FTP: true or false. It is C(Detect.HumanDetection EventHandler.FTPEnable) of the device."}
      person_push: {type: bool, description: "Person: push to network clients: true or false. It is C(Detect.HumanDetection EventHandler.MsgtoNetEnable) of the
        device."}
      person_report: {type: bool, description: "Person: report to the alarm server: true or false. It is C(Detect.HumanDetection EventHandler.MessageEnable) of
        the device."}
      person_screen_message: {type: bool, description: "Person: message on the screen: true or false. It is C(Detect.HumanDetection EventHandler.TipEnable) of
        the device."}
      person_tour: {type: bool, description: "Person: tour on the screen: true or false. It is C(Detect.HumanDetection EventHandler.TourEnable) of the device."}
      person_tour_channels: {type: raw, description: "Person: channels of the tour: a list of channels from 1 to 128. It is C(Detect.HumanDetection
        EventHandler.TourMask) of the device."}
      person_moves_camera: {type: bool, description: "Person: move a camera: true or false. It is C(Detect.HumanDetection EventHandler.PtzEnable) of the
        device."}
      person_log: {type: bool, description: "Person: write to the log: true or false. It is C(Detect.HumanDetection EventHandler.LogEnable) of the device."}
      person_interval: {type: int, description: "Person: least time between events: a whole number from 0 to 600 s. It is C(Detect.HumanDetection
        EventHandler.EventLatch) of the device."}
      person_schedule: {type: raw, description: "Person: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday
        name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.HumanDetection EventHandler.TimeSection) of the device."}
      recorder_person_detection: {type: bool, description: "Person detection by the recorder: true or false. It is C(Detect.HumanDetectionDVR Enable) of the
        device."}
      recorder_person_records: {type: bool, description: "Person seen by the recorder: record: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.RecordEnable) of the device."}
      recorder_person_record_time: {type: int, description: "Person seen by the recorder: recording time after it: a whole number from 10 to 300 s. It is
        C(Detect.HumanDetectionDVR EventHandler.RecordLatch) of the device."}
      recorder_person_record_channels: {type: raw, description: "Person seen by the recorder: channels to record: a list of channels from 1 to 128. It is
        C(Detect.HumanDetectionDVR EventHandler.RecordMask) of the device."}
      recorder_person_pictures: {type: bool, description: "Person seen by the recorder: take pictures: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.SnapEnable) of the device."}
      recorder_person_picture_channels: {type: raw, description: "Person seen by the recorder: channels to take pictures of: a list of channels from 1 to 128.
        It is C(Detect.HumanDetectionDVR EventHandler.SnapShotMask) of the device."}
      recorder_person_output: {type: bool, description: "Person seen by the recorder: switch relay outputs: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.AlarmOutEnable) of the device."}
      recorder_person_output_time: {type: int, description: "Person seen by the recorder: relay hold time: a whole number from 10 to 300 s. It is
        C(Detect.HumanDetectionDVR EventHandler.AlarmOutLatch) of the device."}
      recorder_person_outputs: {type: raw, description: "Person seen by the recorder: relay outputs: a list of relay outputs from 1 to 128. It is
        C(Detect.HumanDetectionDVR EventHandler.AlarmOutMask) of the device."}
      recorder_person_buzzer: {type: bool, description: "Person seen by the recorder: buzzer: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.BeepEnable) of the device."}
      recorder_person_voice: {type: bool, description: "Person seen by the recorder: voice prompt: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.VoiceEnable) of the device."}
      recorder_person_voice_prompt: {type: int, description: "Person seen by the recorder: number of the voice prompt: a whole number from 0. It is
        C(Detect.HumanDetectionDVR EventHandler.VoiceType) of the device."}
      recorder_person_mail: {type: bool, description: "Person seen by the recorder: send e-mail: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.MailEnable) of the device."}
      recorder_person_ftp: {type: bool, description: "Person seen by the recorder: upload by FTP: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.FTPEnable) of the device."}
      recorder_person_push: {type: bool, description: "Person seen by the recorder: push to network clients: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.MsgtoNetEnable) of the device."}
      recorder_person_report: {type: bool, description: "Person seen by the recorder: report to the alarm server: true or false. It is
        C(Detect.HumanDetectionDVR EventHandler.MessageEnable) of the device."}
      recorder_person_screen_message: {type: bool, description: "Person seen by the recorder: message on the screen: true or false. It is
        C(Detect.HumanDetectionDVR EventHandler.TipEnable) of the device."}
      recorder_person_tour: {type: bool, description: "Person seen by the recorder: tour on the screen: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.TourEnable) of the device."}
      recorder_person_tour_channels: {type: raw, description: "Person seen by the recorder: channels of the tour: a list of channels from 1 to 128. It is
        C(Detect.HumanDetectionDVR EventHandler.TourMask) of the device."}
      recorder_person_moves_camera: {type: bool, description: "Person seen by the recorder: move a camera: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.PtzEnable) of the device."}
      recorder_person_log: {type: bool, description: "Person seen by the recorder: write to the log: true or false. It is C(Detect.HumanDetectionDVR
        EventHandler.LogEnable) of the device."}
      recorder_person_interval: {type: int, description: "Person seen by the recorder: least time between events: a whole number from 0 to 600 s. It is
        C(Detect.HumanDetectionDVR EventHandler.EventLatch) of the device."}
      recorder_person_schedule: {type: raw, description: "Person seen by the recorder: when it applies: \"always\", \"never\", or all days (sunday to saturday;
        weekdays, weekend and everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.HumanDetectionDVR
        EventHandler.TimeSection) of the device."}
      tamper_detection: {type: bool, description: "Tamper detection: true or false. It is C(Detect.BlindDetect Enable) of the device."}
      tamper_sensitivity: {type: int, description: "Tamper sensitivity: a whole number from 1 to 6. It is C(Detect.BlindDetect Level) of the device."}
      tamper_records: {type: bool, description: "Tamper: record: true or false. It is C(Detect.BlindDetect EventHandler.RecordEnable) of the device."}
      tamper_record_time: {type: int, description: "Tamper: recording time after it: a whole number from 10 to 300 s. It is C(Detect.BlindDetect
        EventHandler.RecordLatch) of the device."}
      tamper_record_channels: {type: raw, description: "Tamper: channels to record: a list of channels from 1 to 128. It is C(Detect.BlindDetect
        EventHandler.RecordMask) of the device."}
      tamper_pictures: {type: bool, description: "Tamper: take pictures: true or false. It is C(Detect.BlindDetect EventHandler.SnapEnable) of the device."}
      tamper_picture_channels: {type: raw, description: "Tamper: channels to take pictures of: a list of channels from 1 to 128. It is C(Detect.BlindDetect
        EventHandler.SnapShotMask) of the device."}
      tamper_output: {type: bool, description: "Tamper: switch relay outputs: true or false. It is C(Detect.BlindDetect EventHandler.AlarmOutEnable) of the
        device."}
      tamper_output_time: {type: int, description: "Tamper: relay hold time: a whole number from 10 to 300 s. It is C(Detect.BlindDetect
        EventHandler.AlarmOutLatch) of the device."}
      tamper_outputs: {type: raw, description: "Tamper: relay outputs: a list of relay outputs from 1 to 128. It is C(Detect.BlindDetect
        EventHandler.AlarmOutMask) of the device."}
      tamper_buzzer: {type: bool, description: "Tamper: buzzer: true or false. It is C(Detect.BlindDetect EventHandler.BeepEnable) of the device."}
      tamper_voice: {type: bool, description: "Tamper: voice prompt: true or false. It is C(Detect.BlindDetect EventHandler.VoiceEnable) of the device."}
      tamper_voice_prompt: {type: int, description: "Tamper: number of the voice prompt: a whole number from 0. It is C(Detect.BlindDetect
        EventHandler.VoiceType) of the device."}
      tamper_mail: {type: bool, description: "Tamper: send e-mail: true or false. It is C(Detect.BlindDetect EventHandler.MailEnable) of the device."}
      tamper_ftp: {type: bool, description: "Tamper: upload by FTP: true or false. It is C(Detect.BlindDetect EventHandler.FTPEnable) of the device."}
      tamper_push: {type: bool, description: "Tamper: push to network clients: true or false. It is C(Detect.BlindDetect EventHandler.MsgtoNetEnable) of the
        device."}
      tamper_report: {type: bool, description: "Tamper: report to the alarm server: true or false. It is C(Detect.BlindDetect EventHandler.MessageEnable) of the
        device."}
      tamper_screen_message: {type: bool, description: "Tamper: message on the screen: true or false. It is C(Detect.BlindDetect EventHandler.TipEnable) of the
        device."}
      tamper_tour: {type: bool, description: "Tamper: tour on the screen: true or false. It is C(Detect.BlindDetect EventHandler.TourEnable) of the device."}
      tamper_tour_channels: {type: raw, description: "Tamper: channels of the tour: a list of channels from 1 to 128. It is C(Detect.BlindDetect
        EventHandler.TourMask) of the device."}
      tamper_moves_camera: {type: bool, description: "Tamper: move a camera: true or false. It is C(Detect.BlindDetect EventHandler.PtzEnable) of the device."}
      tamper_log: {type: bool, description: "Tamper: write to the log: true or false. It is C(Detect.BlindDetect EventHandler.LogEnable) of the device."}
      tamper_interval: {type: int, description: "Tamper: least time between events: a whole number from 0 to 600 s. It is C(Detect.BlindDetect
        EventHandler.EventLatch) of the device."}
      tamper_schedule: {type: raw, description: "Tamper: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday
        name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.BlindDetect EventHandler.TimeSection) of the device."}
      video_loss_detection: {type: bool, description: "Video loss detection: true or false. It is C(Detect.LossDetect Enable) of the device."}
      video_loss_records: {type: bool, description: "Video loss: record: true or false. It is C(Detect.LossDetect EventHandler.RecordEnable) of the device."}
      video_loss_record_time: {type: int, description: "Video loss: recording time after it: a whole number from 10 to 300 s. It is C(Detect.LossDetect
        EventHandler.RecordLatch) of the device."}
      video_loss_record_channels: {type: raw, description: "Video loss: channels to record: a list of channels from 1 to 128. It is C(Detect.LossDetect
        EventHandler.RecordMask) of the device."}
      video_loss_pictures: {type: bool, description: "Video loss: take pictures: true or false. It is C(Detect.LossDetect EventHandler.SnapEnable) of the
        device."}
      video_loss_picture_channels: {type: raw, description: "Video loss: channels to take pictures of: a list of channels from 1 to 128. It is
        C(Detect.LossDetect EventHandler.SnapShotMask) of the device."}
      video_loss_output: {type: bool, description: "Video loss: switch relay outputs: true or false. It is C(Detect.LossDetect EventHandler.AlarmOutEnable) of
        the device."}
      video_loss_output_time: {type: int, description: "Video loss: relay hold time: a whole number from 10 to 300 s. It is C(Detect.LossDetect
        EventHandler.AlarmOutLatch) of the device."}
      video_loss_outputs: {type: raw, description: "Video loss: relay outputs: a list of relay outputs from 1 to 128. It is C(Detect.LossDetect
        EventHandler.AlarmOutMask) of the device."}
      video_loss_buzzer: {type: bool, description: "Video loss: buzzer: true or false. It is C(Detect.LossDetect EventHandler.BeepEnable) of the device."}
      video_loss_voice: {type: bool, description: "Video loss: voice prompt: true or false. It is C(Detect.LossDetect EventHandler.VoiceEnable) of the device."}
      video_loss_voice_prompt: {type: int, description: "Video loss: number of the voice prompt: a whole number from 0. It is C(Detect.LossDetect
        EventHandler.VoiceType) of the device."}
      video_loss_mail: {type: bool, description: "Video loss: send e-mail: true or false. It is C(Detect.LossDetect EventHandler.MailEnable) of the device."}
      video_loss_ftp: {type: bool, description: "Video loss: upload by FTP: true or false. It is C(Detect.LossDetect EventHandler.FTPEnable) of the device."}
      video_loss_push: {type: bool, description: "Video loss: push to network clients: true or false. It is C(Detect.LossDetect EventHandler.MsgtoNetEnable) of
        the device."}
      video_loss_report: {type: bool, description: "Video loss: report to the alarm server: true or false. It is C(Detect.LossDetect EventHandler.MessageEnable)
        of the device."}
      video_loss_screen_message: {type: bool, description: "Video loss: message on the screen: true or false. It is C(Detect.LossDetect EventHandler.TipEnable)
        of the device."}
      video_loss_tour: {type: bool, description: "Video loss: tour on the screen: true or false. It is C(Detect.LossDetect EventHandler.TourEnable) of the
        device."}
      video_loss_tour_channels: {type: raw, description: "Video loss: channels of the tour: a list of channels from 1 to 128. It is C(Detect.LossDetect
        EventHandler.TourMask) of the device."}
      video_loss_moves_camera: {type: bool, description: "Video loss: move a camera: true or false. It is C(Detect.LossDetect EventHandler.PtzEnable) of the
        device."}
      video_loss_log: {type: bool, description: "Video loss: write to the log: true or false. It is C(Detect.LossDetect EventHandler.LogEnable) of the device."}
      video_loss_interval: {type: int, description: "Video loss: least time between events: a whole number from 0 to 600 s. It is C(Detect.LossDetect
        EventHandler.EventLatch) of the device."}
      video_loss_schedule: {type: raw, description: "Video loss: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and
        everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.LossDetect EventHandler.TimeSection) of the device."}
      face_detection: {type: bool, description: "Face detection: true or false. It is C(Detect.FaceDetection Enable) of the device."}
      face_records: {type: bool, description: "Face: record: true or false. It is C(Detect.FaceDetection EventHandler.RecordEnable) of the device."}
      face_record_time: {type: int, description: "Face: recording time after it: a whole number from 10 to 300 s. It is C(Detect.FaceDetection
        EventHandler.RecordLatch) of the device."}
      face_record_channels: {type: raw, description: "Face: channels to record: a list of channels from 1 to 128. It is C(Detect.FaceDetection
        EventHandler.RecordMask) of the device."}
      face_pictures: {type: bool, description: "Face: take pictures: true or false. It is C(Detect.FaceDetection EventHandler.SnapEnable) of the device."}
      face_picture_channels: {type: raw, description: "Face: channels to take pictures of: a list of channels from 1 to 128. It is C(Detect.FaceDetection
        EventHandler.SnapShotMask) of the device."}
      face_output: {type: bool, description: "Face: switch relay outputs: true or false. It is C(Detect.FaceDetection EventHandler.AlarmOutEnable) of the
        device."}
      face_output_time: {type: int, description: "Face: relay hold time: a whole number from 10 to 300 s. It is C(Detect.FaceDetection
        EventHandler.AlarmOutLatch) of the device."}
      face_outputs: {type: raw, description: "Face: relay outputs: a list of relay outputs from 1 to 128. It is C(Detect.FaceDetection
        EventHandler.AlarmOutMask) of the device."}
      face_buzzer: {type: bool, description: "Face: buzzer: true or false. It is C(Detect.FaceDetection EventHandler.BeepEnable) of the device."}
      face_voice: {type: bool, description: "Face: voice prompt: true or false. It is C(Detect.FaceDetection EventHandler.VoiceEnable) of the device."}
      face_voice_prompt: {type: int, description: "Face: number of the voice prompt: a whole number from 0. It is C(Detect.FaceDetection EventHandler.VoiceType)
        of the device."}
      face_mail: {type: bool, description: "Face: send e-mail: true or false. It is C(Detect.FaceDetection EventHandler.MailEnable) of the device."}
      face_ftp: {type: bool, description: "Face: upload by FTP: true or false. It is C(Detect.FaceDetection EventHandler.FTPEnable) of the device."}
      face_push: {type: bool, description: "Face: push to network clients: true or false. It is C(Detect.FaceDetection EventHandler.MsgtoNetEnable) of the
        device."}
      face_report: {type: bool, description: "Face: report to the alarm server: true or false. It is C(Detect.FaceDetection EventHandler.MessageEnable) of the
        device."}
      face_screen_message: {type: bool, description: "Face: message on the screen: true or false. It is C(Detect.FaceDetection EventHandler.TipEnable) of the
        device."}
      face_tour: {type: bool, description: "Face: tour on the screen: true or false. It is C(Detect.FaceDetection EventHandler.TourEnable) of the device."}
      face_tour_channels: {type: raw, description: "Face: channels of the tour: a list of channels from 1 to 128. It is C(Detect.FaceDetection
        EventHandler.TourMask) of the device."}
      face_moves_camera: {type: bool, description: "Face: move a camera: true or false. It is C(Detect.FaceDetection EventHandler.PtzEnable) of the device."}
      face_log: {type: bool, description: "Face: write to the log: true or false. It is C(Detect.FaceDetection EventHandler.LogEnable) of the device."}
      face_interval: {type: int, description: "Face: least time between events: a whole number from 0 to 600 s. It is C(Detect.FaceDetection
        EventHandler.EventLatch) of the device."}
      face_schedule: {type: raw, description: "Face: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday
        name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.FaceDetection EventHandler.TimeSection) of the device."}
      vehicle_detection: {type: bool, description: "Vehicle detection: true or false. It is C(Detect.CarShapeDetection Enable) of the device."}
      vehicle_records: {type: bool, description: "Vehicle: record: true or false. It is C(Detect.CarShapeDetection EventHandler.RecordEnable) of the device."}
      vehicle_record_time: {type: int, description: "Vehicle: recording time after it: a whole number from 10 to 300 s. It is C(Detect.CarShapeDetection
        EventHandler.RecordLatch) of the device."}
      vehicle_record_channels: {type: raw, description: "Vehicle: channels to record: a list of channels from 1 to 128. It is C(Detect.CarShapeDetection
        EventHandler.RecordMask) of the device."}
      vehicle_pictures: {type: bool, description: "Vehicle: take pictures: true or false. It is C(Detect.CarShapeDetection EventHandler.SnapEnable) of the
        device."}
      vehicle_picture_channels: {type: raw, description: "Vehicle: channels to take pictures of: a list of channels from 1 to 128. It is
        C(Detect.CarShapeDetection EventHandler.SnapShotMask) of the device."}
      vehicle_output: {type: bool, description: "Vehicle: switch relay outputs: true or false. It is C(Detect.CarShapeDetection EventHandler.AlarmOutEnable) of
        the device."}
      vehicle_output_time: {type: int, description: "Vehicle: relay hold time: a whole number from 10 to 300 s. It is C(Detect.CarShapeDetection
        EventHandler.AlarmOutLatch) of the device."}
      vehicle_outputs: {type: raw, description: "Vehicle: relay outputs: a list of relay outputs from 1 to 128. It is C(Detect.CarShapeDetection
        EventHandler.AlarmOutMask) of the device."}
      vehicle_buzzer: {type: bool, description: "Vehicle: buzzer: true or false. It is C(Detect.CarShapeDetection EventHandler.BeepEnable) of the device."}
      vehicle_voice: {type: bool, description: "Vehicle: voice prompt: true or false. It is C(Detect.CarShapeDetection EventHandler.VoiceEnable) of the
        device."}
      vehicle_voice_prompt: {type: int, description: "Vehicle: number of the voice prompt: a whole number from 0. It is C(Detect.CarShapeDetection
        EventHandler.VoiceType) of the device."}
      vehicle_mail: {type: bool, description: "Vehicle: send e-mail: true or false. It is C(Detect.CarShapeDetection EventHandler.MailEnable) of the device."}
      vehicle_ftp: {type: bool, description: "Vehicle: upload by FTP: true or false. It is C(Detect.CarShapeDetection EventHandler.FTPEnable) of the device."}
      vehicle_push: {type: bool, description: "Vehicle: push to network clients: true or false. It is C(Detect.CarShapeDetection EventHandler.MsgtoNetEnable) of
        the device."}
      vehicle_report: {type: bool, description: "Vehicle: report to the alarm server: true or false. It is C(Detect.CarShapeDetection
        EventHandler.MessageEnable) of the device."}
      vehicle_screen_message: {type: bool, description: "Vehicle: message on the screen: true or false. It is C(Detect.CarShapeDetection EventHandler.TipEnable)
        of the device."}
      vehicle_tour: {type: bool, description: "Vehicle: tour on the screen: true or false. It is C(Detect.CarShapeDetection EventHandler.TourEnable) of the
        device."}
      vehicle_tour_channels: {type: raw, description: "Vehicle: channels of the tour: a list of channels from 1 to 128. It is C(Detect.CarShapeDetection
        EventHandler.TourMask) of the device."}
      vehicle_moves_camera: {type: bool, description: "Vehicle: move a camera: true or false. It is C(Detect.CarShapeDetection EventHandler.PtzEnable) of the
        device."}
      vehicle_log: {type: bool, description: "Vehicle: write to the log: true or false. It is C(Detect.CarShapeDetection EventHandler.LogEnable) of the
        device."}
      vehicle_interval: {type: int, description: "Vehicle: least time between events: a whole number from 0 to 600 s. It is C(Detect.CarShapeDetection
        EventHandler.EventLatch) of the device."}
      vehicle_schedule: {type: raw, description: "Vehicle: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and
        everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Detect.CarShapeDetection EventHandler.TimeSection) of the device."}
      analytics: {type: bool, description: "Analytics: true or false. It is C(Detect.Analyze Enable) of the device."}
      camera_motion_detection: {type: bool, description: "Motion detection by the camera: true or false. It is C(Detect.MotionDetectIPC Enable) of the device."}
      people_counting: {type: bool, description: "People counting: true or false. It is C(Detect.CustomerFlow Enable) of the device."}
      camera_alarm_input: {type: bool, description: "Alarm input of the camera: true or false. It is C(Alarm.IPCAlarm Enable) of the device."}
      camera_alarm_input_contact: {type: str, description: "Alarm input contact of the camera: one of NO, NC. It is C(Alarm.IPCAlarm SensorType) of the
        device.", choices: ["NO", "NC"]}
      camera_alarm_input_records: {type: bool, description: "Alarm input of the camera: record: true or false. It is C(Alarm.IPCAlarm EventHandler.RecordEnable)
        of the device."}
      camera_alarm_input_record_time: {type: int, description: "Alarm input of the camera: recording time after it: a whole number from 10 to 300 s. It is
        C(Alarm.IPCAlarm EventHandler.RecordLatch) of the device."}
      camera_alarm_input_record_channels: {type: raw, description: "Alarm input of the camera: channels to record: a list of channels from 1 to 128. It is
        C(Alarm.IPCAlarm EventHandler.RecordMask) of the device."}
      camera_alarm_input_pictures: {type: bool, description: "Alarm input of the camera: take pictures: true or false. It is C(Alarm.IPCAlarm
        EventHandler.SnapEnable) of the device."}
      camera_alarm_input_picture_channels: {type: raw, description: "Alarm input of the camera: channels to take pictures of: a list of channels from 1 to 128.
        It is C(Alarm.IPCAlarm EventHandler.SnapShotMask) of the device."}
      camera_alarm_input_output: {type: bool, description: "Alarm input of the camera: switch relay outputs: true or false. It is C(Alarm.IPCAlarm
        EventHandler.AlarmOutEnable) of the device."}
      camera_alarm_input_output_time: {type: int, description: "Alarm input of the camera: relay hold time: a whole number from 10 to 300 s. It is
        C(Alarm.IPCAlarm EventHandler.AlarmOutLatch) of the device."}
      camera_alarm_input_outputs: {type: raw, description: "Alarm input of the camera: relay outputs: a list of relay outputs from 1 to 128. It is
        C(Alarm.IPCAlarm EventHandler.AlarmOutMask) of the device."}
      camera_alarm_input_buzzer: {type: bool, description: "Alarm input of the camera: buzzer: true or false. It is C(Alarm.IPCAlarm EventHandler.BeepEnable) of
        the device."}
      camera_alarm_input_voice: {type: bool, description: "Alarm input of the camera: voice prompt: true or false. It is C(Alarm.IPCAlarm
        EventHandler.VoiceEnable) of the device."}
      camera_alarm_input_voice_prompt: {type: int, description: "Alarm input of the camera: number of the voice prompt: a whole number from 0. It is
        C(Alarm.IPCAlarm EventHandler.VoiceType) of the device."}
      camera_alarm_input_mail: {type: bool, description: "Alarm input of the camera: send e-mail: true or false. It is C(Alarm.IPCAlarm EventHandler.MailEnable)
        of the device."}
      camera_alarm_input_ftp: {type: bool, description: "Alarm input of the camera: upload by FTP: true or false. It is C(Alarm.IPCAlarm EventHandler.FTPEnable)
        of the device."}
      camera_alarm_input_push: {type: bool, description: "Alarm input of the camera: push to network clients: true or false. It is C(Alarm.IPCAlarm
        EventHandler.MsgtoNetEnable) of the device."}
      camera_alarm_input_report: {type: bool, description: "Alarm input of the camera: report to the alarm server: true or false. It is C(Alarm.IPCAlarm
        EventHandler.MessageEnable) of the device."}
      camera_alarm_input_screen_message: {type: bool, description: "Alarm input of the camera: message on the screen: true or false. It is C(Alarm.IPCAlarm
        EventHandler.TipEnable) of the device."}
      camera_alarm_input_tour: {type: bool, description: "Alarm input of the camera: tour on the screen: true or false. It is C(Alarm.IPCAlarm
        EventHandler.TourEnable) of the device."}
      camera_alarm_input_tour_channels: {type: raw, description: "Alarm input of the camera: channels of the tour: a list of channels from 1 to 128. It is
        C(Alarm.IPCAlarm EventHandler.TourMask) of the device."}
      camera_alarm_input_moves_camera: {type: bool, description: "Alarm input of the camera: move a camera: true or false. It is C(Alarm.IPCAlarm
        EventHandler.PtzEnable) of the device."}
      camera_alarm_input_log: {type: bool, description: "Alarm input of the camera: write to the log: true or false. It is C(Alarm.IPCAlarm
        EventHandler.LogEnable) of the device."}
      camera_alarm_input_interval: {type: int, description: "Alarm input of the camera: least time between events: a whole number from 0 to 600 s. It is
        C(Alarm.IPCAlarm EventHandler.EventLatch) of the device."}
      camera_alarm_input_schedule: {type: raw, description: "Alarm input of the camera: when it applies: \"always\", \"never\", or all days (sunday to saturday;
        weekdays, weekend and everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Alarm.IPCAlarm EventHandler.TimeSection) of the
        device."}
      network_alarm: {type: bool, description: "Network alarm: true or false. It is C(Alarm.NetAlarm Enable) of the device."}
      network_alarm_records: {type: bool, description: "Network alarm: record: true or false. It is C(Alarm.NetAlarm EventHandler.RecordEnable) of the device."}
      network_alarm_record_time: {type: int, description: "Network alarm: recording time after it: a whole number from 10 to 300 s. It is C(Alarm.NetAlarm
        EventHandler.RecordLatch) of the device."}
      network_alarm_record_channels: {type: raw, description: "Network alarm: channels to record: a list of channels from 1 to 128. It is C(Alarm.NetAlarm
        EventHandler.RecordMask) of the device."}
      network_alarm_pictures: {type: bool, description: "Network alarm: take pictures: true or false. It is C(Alarm.NetAlarm EventHandler.SnapEnable) of the
        device."}
      network_alarm_picture_channels: {type: raw, description: "Network alarm: channels to take pictures of: a list of channels from 1 to 128. It is
        C(Alarm.NetAlarm EventHandler.SnapShotMask) of the device."}
      network_alarm_output: {type: bool, description: "Network alarm: switch relay outputs: true or false. It is C(Alarm.NetAlarm EventHandler.AlarmOutEnable)
        of the device."}
      network_alarm_output_time: {type: int, description: "Network alarm: relay hold time: a whole number from 10 to 300 s. It is C(Alarm.NetAlarm
        EventHandler.AlarmOutLatch) of the device."}
      network_alarm_outputs: {type: raw, description: "Network alarm: relay outputs: a list of relay outputs from 1 to 128. It is C(Alarm.NetAlarm
        EventHandler.AlarmOutMask) of the device."}
      network_alarm_buzzer: {type: bool, description: "Network alarm: buzzer: true or false. It is C(Alarm.NetAlarm EventHandler.BeepEnable) of the device."}
      network_alarm_voice: {type: bool, description: "Network alarm: voice prompt: true or false. It is C(Alarm.NetAlarm EventHandler.VoiceEnable) of the
        device."}
      network_alarm_voice_prompt: {type: int, description: "Network alarm: number of the voice prompt: a whole number from 0. It is C(Alarm.NetAlarm
        EventHandler.VoiceType) of the device."}
      network_alarm_mail: {type: bool, description: "Network alarm: send e-mail: true or false. It is C(Alarm.NetAlarm EventHandler.MailEnable) of the device."}
      network_alarm_ftp: {type: bool, description: "Network alarm: upload by FTP: true or false. It is C(Alarm.NetAlarm EventHandler.FTPEnable) of the device."}
      network_alarm_push: {type: bool, description: "Network alarm: push to network clients: true or false. It is C(Alarm.NetAlarm EventHandler.MsgtoNetEnable)
        of the device."}
      network_alarm_report: {type: bool, description: "Network alarm: report to the alarm server: true or false. It is C(Alarm.NetAlarm
        EventHandler.MessageEnable) of the device."}
      network_alarm_screen_message: {type: bool, description: "Network alarm: message on the screen: true or false. It is C(Alarm.NetAlarm
        EventHandler.TipEnable) of the device."}
      network_alarm_tour: {type: bool, description: "Network alarm: tour on the screen: true or false. It is C(Alarm.NetAlarm EventHandler.TourEnable) of the
        device."}
      network_alarm_tour_channels: {type: raw, description: "Network alarm: channels of the tour: a list of channels from 1 to 128. It is C(Alarm.NetAlarm
        EventHandler.TourMask) of the device."}
      network_alarm_moves_camera: {type: bool, description: "Network alarm: move a camera: true or false. It is C(Alarm.NetAlarm EventHandler.PtzEnable) of the
        device."}
      network_alarm_log: {type: bool, description: "Network alarm: write to the log: true or false. It is C(Alarm.NetAlarm EventHandler.LogEnable) of the
        device."}
      network_alarm_interval: {type: int, description: "Network alarm: least time between events: a whole number from 0 to 600 s. It is C(Alarm.NetAlarm
        EventHandler.EventLatch) of the device."}
      network_alarm_schedule: {type: raw, description: "Network alarm: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays,
        weekend and everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Alarm.NetAlarm EventHandler.TimeSection) of the device."}
      day_night: {type: str, description: "Day and night: one of auto (0), colour (1), black-white (2), intelligent light (3), white light (4), intelligent
        infrared (5), licence plate (6). It is C(Camera.Param DayNightColor) of the device.", choices: ["auto", "colour", "black-white", "intelligent light",
        "white light", "intelligent infrared", "licence plate"]}
      mirror: {type: bool, description: "Mirror: true or false. It is C(Camera.Param PictureMirror) of the device."}
      flip: {type: bool, description: "Flip: true or false. It is C(Camera.Param PictureFlip) of the device."}
      backlight_compensation: {type: bool, description: "Backlight compensation: true or false. It is C(Camera.Param BLCMode) of the device."}
      infrared_filter: {type: str, description: "Infrared filter: one of with the infrared light (0), automatic (1). It is C(Camera.Param IRCUTMode) of the
        device.", choices: ["with the infrared light", "automatic"]}
      anti_flicker: {type: str, description: "Anti-flicker: one of off (0), 50 Hz (1), 60 Hz (2). It is C(Camera.Param RejectFlicker) of the device.", choices:
        ["off", "50 Hz", "60 Hz"]}
      white_balance: {type: str, description: "White balance: one of auto (0), indoor (1), outdoor (2). It is C(Camera.Param WhiteBalance) of the device.",
        choices: ["auto", "indoor", "outdoor"]}
      exposure_target: {type: int, description: "Exposure target: a whole number from 0 to 100 %. It is C(Camera.Param ElecLevel) of the device."}
      exposure_sensitivity: {type: int, description: "Exposure sensitivity: a whole number from 0 to 10. It is C(Camera.Param AeSensitivity) of the device."}
      automatic_iris: {type: bool, description: "Automatic iris: true or false. It is C(Camera.Param ApertureMode) of the device."}
      slow_shutter: {type: int, description: "Slow shutter: a whole number from 0 to 255. It is C(Camera.Param EsShutter) of the device."}
      exposure_step: {type: int, description: "Exposure step: a whole number from 0 to 255. It is C(Camera.Param ExposureParam.Level) of the device."}
      shortest_exposure: {type: int, description: "Shortest exposure: a whole number from 0 to 2147483647 µs. It is C(Camera.Param ExposureParam.LeastTime) of
        the device."}
      longest_exposure: {type: int, description: "Longest exposure: a whole number from 0 to 2147483647 µs. It is C(Camera.Param ExposureParam.MostTime) of the
        device."}
      automatic_gain: {type: bool, description: "Automatic gain: true or false. It is C(Camera.Param GainParam.AutoGain) of the device."}
      gain: {type: int, description: "Gain: a whole number from 0 to 100 %. It is C(Camera.Param GainParam.Gain) of the device."}
      day_noise_reduction: {type: int, description: "Noise reduction by day: a whole number from 0 to 5. It is C(Camera.Param Day_nfLevel) of the device."}
      night_noise_reduction: {type: int, description: "Noise reduction by night: a whole number from 0 to 5. It is C(Camera.Param Night_nfLevel) of the
        device."}
      day_night_threshold: {type: int, description: "Threshold between day and night: a whole number from 10 to 50. It is C(Camera.Param DncThr) of the
        device."}
      wide_dynamic_range: {type: bool, description: "Wide dynamic range: true or false. It is C(Camera.ParamEx BroadTrends.AutoGain) of the device."}
      wide_dynamic_range_strength: {type: int, description: "Wide dynamic range strength: a whole number from 0 to 100 %. It is C(Camera.ParamEx
        BroadTrends.Gain) of the device."}
      image_stabilisation: {type: bool, description: "Image stabilisation: true or false. It is C(Camera.ParamEx Dis) of the device."}
      rotation: {type: str, description: "Rotation: one of 0° (0), 90° (1), 180° (2), 270° (3). It is C(Camera.ParamEx CorridorMode) of the device.", choices:
        ["0°", "90°", "180°", "270°"]}
      day_night_switch: {type: str, description: "Day and night switch: one of auto (0), day (1), night (2), schedule (3). It is C(Camera.ParamEx
        DayNightSwitch.SwitchMode) of the device.", choices: ["auto", "day", "night", "schedule"]}
      exposure: {type: int, description: "Exposure: a whole number from 0 to 2147483647 µs. It is C(Camera.ParamEx ExposureTime) of the device."}
      lens_correction: {type: bool, description: "Lens distortion correction: true or false. It is C(Camera.ParamEx Ldc) of the device."}
      highlight_suppression: {type: int, description: "Highlight suppression: a whole number from 0 to 255. It is C(Camera.ParamEx LightRestrainLevel) of the
        device."}
      brighter_at_night: {type: bool, description: "Brighter at night: true or false. It is C(Camera.ParamEx NightEnhance) of the device."}
      against_over_exposure: {type: bool, description: "Against over-exposure: true or false. It is C(Camera.ParamEx PreventOverExpo) of the device."}
      picture_style: {type: str, description: "Picture style: text such as typedefault, type1, type2. It is C(Camera.ParamEx Style) of the device."}
      day_period: {type: raw, description: "Day by schedule: a part of a day such as \"08:00-17:30\", at most to 24:00, or \"off\". It is C(Camera.ParamEx
        DayNightSwitch.KeepDayPeriod) of the device."}
      fog_removal: {type: bool, description: "Fog removal: true or false. It is C(Camera.ClearFog enable) of the device."}
      fog_removal_strength: {type: int, description: "Fog removal strength: a whole number from 0 to 100 %. It is C(Camera.ClearFog level) of the device."}
      privacy: {type: bool, description: "Privacy: true or false. It is C(General.OneKeyMaskVideo Enable) of the device."}
      brightness: {type: int, description: "Brightness: a whole number from 0 to 100 %. It is C(AVEnc.VideoColor [0].VideoColorParam.Brightness) of the
        device."}
      contrast: {type: int, description: "Contrast: a whole number from 0 to 100 %. It is C(AVEnc.VideoColor [0].VideoColorParam.Contrast) of the device."}
      saturation: {type: int, description: "Saturation: a whole number from 0 to 100 %. It is C(AVEnc.VideoColor [0].VideoColorParam.Saturation) of the
        device."}
      hue: {type: int, description: "Hue: a whole number from 0 to 100 %. It is C(AVEnc.VideoColor [0].VideoColorParam.Hue) of the device."}
      time_in_picture: {type: bool, description: "Time in the picture: true or false. It is C(AVEnc.VideoWidget TimeTitleAttribute.EncodeBlend) of the device."}
      title_in_picture: {type: bool, description: "Title in the picture: true or false. It is C(AVEnc.VideoWidget ChannelTitleAttribute.EncodeBlend) of the
        device."}
      time_on_screen: {type: bool, description: "Time on the local screen: true or false. It is C(AVEnc.VideoWidget TimeTitleAttribute.PreviewBlend) of the
        device."}
      title_on_screen: {type: bool, description: "Title on the local screen: true or false. It is C(AVEnc.VideoWidget ChannelTitleAttribute.PreviewBlend) of the
        device."}
      privacy_mask_1: {type: bool, description: "Privacy mask 1: true or false. It is C(AVEnc.VideoWidget Covers[0].EncodeBlend) of the device."}
      privacy_mask_2: {type: bool, description: "Privacy mask 2: true or false. It is C(AVEnc.VideoWidget Covers[1].EncodeBlend) of the device."}
      privacy_mask_3: {type: bool, description: "Privacy mask 3: true or false. It is C(AVEnc.VideoWidget Covers[2].EncodeBlend) of the device."}
      privacy_mask_4: {type: bool, description: "Privacy mask 4: true or false. It is C(AVEnc.VideoWidget Covers[3].EncodeBlend) of the device."}
      privacy_mask_5: {type: bool, description: "Privacy mask 5: true or false. It is C(AVEnc.VideoWidget Covers[4].EncodeBlend) of the device."}
      privacy_mask_6: {type: bool, description: "Privacy mask 6: true or false. It is C(AVEnc.VideoWidget Covers[5].EncodeBlend) of the device."}
      privacy_mask_7: {type: bool, description: "Privacy mask 7: true or false. It is C(AVEnc.VideoWidget Covers[6].EncodeBlend) of the device."}
      privacy_mask_8: {type: bool, description: "Privacy mask 8: true or false. It is C(AVEnc.VideoWidget Covers[7].EncodeBlend) of the device."}
      privacy_masks: {type: raw, description: "Privacy masks: areas of the picture in per cent, each [left, top, right, bottom]; the empty list is none. It is
        C(AVEnc.VideoWidget Covers) of the device."}
      channel_name: {type: str, description: "Channel name: text of at most 64 bytes. It is C(ChannelTitle) of the device."}
      codec: {type: str, description: "Codec: text such as H.264, H.265, H.264+, H.265+, H.265X, MPEG4, MPEG2, MPEG1, MJPG, H.263, JPEG. It is C(Simplify.Encode
        MainFormat.Video.Compression) of the device."}
      resolution: {type: str, description: "Resolution: text such as D1, HD1, BCIF, CIF, QCIF, VGA, QVGA, SVCD, QQVGA, ND1, 650TVL, 720P, 1_3M, UXGA, 1080P,
        WUXGA, 2_5M, 3M, 5M, 1080N, 4M, 6M, 8M, 12M, 4K, 720N, WSVGA, NHD, 3M_N, 4M_N, 5M_N, 4K_N, SXVGA. It is C(Simplify.Encode MainFormat.Video.Resolution)
        of the device."}
      frame_rate: {type: int, description: "Frame rate: a whole number from -3600 to 120 1/s. It is C(Simplify.Encode MainFormat.Video.FPS) of the device."}
      bit_rate: {type: int, description: "Bit rate: a whole number from 0 to 65536 kbit/s. It is C(Simplify.Encode MainFormat.Video.BitRate) of the device."}
      bit_rate_control: {type: str, description: "Bit rate control: text such as CBR, VBR, MBR, AVBR. It is C(Simplify.Encode MainFormat.Video.BitRateControl)
        of the device."}
      quality: {type: int, description: "Quality: a whole number from 1 to 6. It is C(Simplify.Encode MainFormat.Video.Quality) of the device."}
      key_frame_interval: {type: int, description: "Key frame interval: a whole number from 1 to 100 s. It is C(Simplify.Encode MainFormat.Video.GOP) of the
        device."}
      audio: {type: bool, description: "Audio: true or false. It is C(Simplify.Encode MainFormat.AudioEnable) of the device."}
      extra_codec: {type: str, description: "Codec of the extra stream: text such as H.264, H.265, H.264+, H.265+, H.265X, MPEG4, MPEG2, MPEG1, MJPG, H.263,
        JPEG. It is C(Simplify.Encode ExtraFormat.Video.Compression) of the device."}
      extra_resolution: {type: str, description: "Resolution of the extra stream: text such as D1, HD1, BCIF, CIF, QCIF, VGA, QVGA, SVCD, QQVGA, ND1, 650TVL,
        720P, 1_3M, UXGA, 1080P, WUXGA, 2_5M, 3M, 5M, 1080N, 4M, 6M, 8M, 12M, 4K, 720N, WSVGA, NHD, 3M_N, 4M_N, 5M_N, 4K_N, SXVGA. It is C(Simplify.Encode
        ExtraFormat.Video.Resolution) of the device."}
      extra_frame_rate: {type: int, description: "Frame rate of the extra stream: a whole number from -3600 to 120 1/s. It is C(Simplify.Encode
        ExtraFormat.Video.FPS) of the device."}
      extra_bit_rate: {type: int, description: "Bit rate of the extra stream: a whole number from 0 to 65536 kbit/s. It is C(Simplify.Encode
        ExtraFormat.Video.BitRate) of the device."}
      extra_bit_rate_control: {type: str, description: "Bit rate control of the extra stream: text such as CBR, VBR, MBR, AVBR. It is C(Simplify.Encode
        ExtraFormat.Video.BitRateControl) of the device."}
      extra_quality: {type: int, description: "Quality of the extra stream: a whole number from 1 to 6. It is C(Simplify.Encode ExtraFormat.Video.Quality) of
        the device."}
      extra_key_frame_interval: {type: int, description: "Key frame interval of the extra stream: a whole number from 1 to 100 s. It is C(Simplify.Encode
        ExtraFormat.Video.GOP) of the device."}
      extra_audio: {type: bool, description: "Audio of the extra stream: true or false. It is C(Simplify.Encode ExtraFormat.AudioEnable) of the device."}
      extra_video: {type: bool, description: "Extra stream: true or false. It is C(Simplify.Encode ExtraFormat.VideoEnable) of the device."}
      smart_codec: {type: bool, description: "Smart codec: true or false. It is C(AVEnc.SmartH264 SmartH264) of the device."}
      h264_profile: {type: int, description: "H.264 profile: a whole number from 1 to 3. It is C(AVEnc.EncodeStaticParam Profile) of the device."}
      h264_level: {type: int, description: "H.264 level: a whole number from 0 to 62. It is C(AVEnc.EncodeStaticParam Level) of the device."}
      watermark: {type: bool, description: "Watermark: true or false. It is C(AVEnc.WaterMark Enable) of the device."}
      recording: {type: str, description: "Recording: text such as ConfigRecord, ManualRecord, ClosedRecord. It is C(Record RecordMode) of the device."}
      pre_record: {type: int, description: "Recorded before an event: a whole number from 0 to 30 s. It is C(Record PreRecord) of the device."}
      recording_length: {type: int, description: "Length of a recording: a whole number from 1 to 255 min. It is C(Record PacketLength) of the device."}
      recording_redundancy: {type: bool, description: "Second copy of recordings: true or false. It is C(Record Redundancy) of the device."}
      extra_recording: {type: str, description: "Recording of the extra stream: text such as ConfigRecord, ManualRecord, ClosedRecord. It is C(ExtRecord
        RecordMode) of the device."}
      extra_pre_record: {type: int, description: "Recorded of the extra stream before an event: a whole number from 0 to 30 s. It is C(ExtRecord PreRecord) of
        the device."}
      extra_recording_length: {type: int, description: "Length of a recording of the extra stream: a whole number from 1 to 255 min. It is C(ExtRecord
        PacketLength) of the device."}
      extra_recording_redundancy: {type: bool, description: "Second copy of recordings of the extra stream: true or false. It is C(ExtRecord Redundancy) of the
        device."}
      pictures: {type: str, description: "Pictures by schedule: text such as ConfigSnap, ManualSnap, ClosedSnap. It is C(Storage.Snapshot SnapMode) of the
        device."}
      pre_pictures: {type: int, description: "Pictures before an event: a whole number from 0 to 10. It is C(Storage.Snapshot PreSnap) of the device."}
      picture_redundancy: {type: bool, description: "Second copy of pictures: true or false. It is C(Storage.Snapshot Redundancy) of the device."}
      recording_schedule: {type: raw, description: "Recording schedule: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday
        name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Record TimeSection) of the device."}
      extra_recording_schedule: {type: raw, description: "Recording schedule of the extra stream: \"always\", \"never\", or all days (sunday to saturday;
        weekdays, weekend and everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(ExtRecord TimeSection) of the device."}
      picture_schedule: {type: raw, description: "Picture schedule: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend and everyday name
        several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Storage.Snapshot TimeSection) of the device."}
      decoder_delay: {type: int, description: "Decoder delay: a whole number from 0 to 10000 ms. It is C(Media.DecodeParam deleyTimeMs) of the device."}
      camera_time: {type: str, description: "Time of the camera: text such as OFF, UTC, Local, T&Z. It is C(NetWork.DigTimeSyn TimeSyn) of the device."}
  alarm_inputs:
    description: Settings of the alarm inputs, one entry for each or for several at once.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description:
          - Number of the alarm input, from V(1), or a list of numbers, or V(all).
          - A setting of one of them wins over the same setting of V(all).
        type: raw
        required: true
      alarm_input: {type: bool, description: "Alarm input: true or false. It is C(Alarm.LocalAlarm Enable) of the device."}
      alarm_input_contact: {type: str, description: "Alarm input contact: one of NO, NC. It is C(Alarm.LocalAlarm SensorType) of the device.", choices: ["NO",
        "NC"]}
      alarm_input_records: {type: bool, description: "Alarm input: record: true or false. It is C(Alarm.LocalAlarm EventHandler.RecordEnable) of the device."}
      alarm_input_record_time: {type: int, description: "Alarm input: recording time after it: a whole number from 10 to 300 s. It is C(Alarm.LocalAlarm
        EventHandler.RecordLatch) of the device."}
      alarm_input_record_channels: {type: raw, description: "Alarm input: channels to record: a list of channels from 1 to 128. It is C(Alarm.LocalAlarm
        EventHandler.RecordMask) of the device."}
      alarm_input_pictures: {type: bool, description: "Alarm input: take pictures: true or false. It is C(Alarm.LocalAlarm EventHandler.SnapEnable) of the
        device."}
      alarm_input_picture_channels: {type: raw, description: "Alarm input: channels to take pictures of: a list of channels from 1 to 128. It is
        C(Alarm.LocalAlarm EventHandler.SnapShotMask) of the device."}
      alarm_input_output: {type: bool, description: "Alarm input: switch relay outputs: true or false. It is C(Alarm.LocalAlarm EventHandler.AlarmOutEnable) of
        the device."}
      alarm_input_output_time: {type: int, description: "Alarm input: relay hold time: a whole number from 10 to 300 s. It is C(Alarm.LocalAlarm
        EventHandler.AlarmOutLatch) of the device."}
      alarm_input_outputs: {type: raw, description: "Alarm input: relay outputs: a list of relay outputs from 1 to 128. It is C(Alarm.LocalAlarm
        EventHandler.AlarmOutMask) of the device."}
      alarm_input_buzzer: {type: bool, description: "Alarm input: buzzer: true or false. It is C(Alarm.LocalAlarm EventHandler.BeepEnable) of the device."}
      alarm_input_voice: {type: bool, description: "Alarm input: voice prompt: true or false. It is C(Alarm.LocalAlarm EventHandler.VoiceEnable) of the
        device."}
      alarm_input_voice_prompt: {type: int, description: "Alarm input: number of the voice prompt: a whole number from 0. It is C(Alarm.LocalAlarm
        EventHandler.VoiceType) of the device."}
      alarm_input_mail: {type: bool, description: "Alarm input: send e-mail: true or false. It is C(Alarm.LocalAlarm EventHandler.MailEnable) of the device."}
      alarm_input_ftp: {type: bool, description: "Alarm input: upload by FTP: true or false. It is C(Alarm.LocalAlarm EventHandler.FTPEnable) of the device."}
      alarm_input_push: {type: bool, description: "Alarm input: push to network clients: true or false. It is C(Alarm.LocalAlarm EventHandler.MsgtoNetEnable) of
        the device."}
      alarm_input_report: {type: bool, description: "Alarm input: report to the alarm server: true or false. It is C(Alarm.LocalAlarm
        EventHandler.MessageEnable) of the device."}
      alarm_input_screen_message: {type: bool, description: "Alarm input: message on the screen: true or false. It is C(Alarm.LocalAlarm EventHandler.TipEnable)
        of the device."}
      alarm_input_tour: {type: bool, description: "Alarm input: tour on the screen: true or false. It is C(Alarm.LocalAlarm EventHandler.TourEnable) of the
        device."}
      alarm_input_tour_channels: {type: raw, description: "Alarm input: channels of the tour: a list of channels from 1 to 128. It is C(Alarm.LocalAlarm
        EventHandler.TourMask) of the device."}
      alarm_input_moves_camera: {type: bool, description: "Alarm input: move a camera: true or false. It is C(Alarm.LocalAlarm EventHandler.PtzEnable) of the
        device."}
      alarm_input_log: {type: bool, description: "Alarm input: write to the log: true or false. It is C(Alarm.LocalAlarm EventHandler.LogEnable) of the
        device."}
      alarm_input_interval: {type: int, description: "Alarm input: least time between events: a whole number from 0 to 600 s. It is C(Alarm.LocalAlarm
        EventHandler.EventLatch) of the device."}
      alarm_input_schedule: {type: raw, description: "Alarm input: when it applies: \"always\", \"never\", or all days (sunday to saturday; weekdays, weekend
        and everyday name several) with up to 6 sections such as \"08:00-17:30\" each. It is C(Alarm.LocalAlarm EventHandler.TimeSection) of the device."}
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
  inputs:
    description: Settings of the inputs, one entry for each or for several at once.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description:
          - Number of the input, from V(1), or a list of numbers, or V(all).
          - A setting of one of them wins over the same setting of V(all).
        type: raw
        required: true
      microphone_volume: {type: int, description: "Microphone volume: a whole number from 0 to 100 %. It is C(fVideo.VolumeIn LeftVolume) of the device."}
      input_volume: {type: int, description: "Input volume: a whole number from 0 to 100 %. It is C(fVideo.InVolume LeftVolume) of the device."}
  periods:
    description: Settings of the periods, one entry for each or for several at once.
    type: list
    elements: dict
    default: []
    suboptions:
      number:
        description:
          - Number of the period, from V(1), or a list of numbers, or V(all).
          - A setting of one of them wins over the same setting of V(all).
        type: raw
        required: true
      sleep_by_schedule: {type: bool, description: "Sleep by schedule: true or false. It is C(General.TimingSleep Enable) of the device."}
"""
