"""What a device does differently: faults and habits seen on real devices, each with where it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_PAPER: Final = "the vendor's paper"
_FUZZED: Final = "replies of a Besder HI3516EV100 to every message"
_OWN: Final = "nobody told of it; clients should survive it"


def _seen(default: object, what: str, by: str) -> Any:
    """A switch: its default, or what makes it; its meaning; who saw it on a real device."""
    metadata = {"what": what, "by": by}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """Switches of one simulated device; sizes in bytes, times in seconds, messages by the request's id."""

    # replies
    sequence_offset: int = _seen(
        0, "Added to the sequence number of every reply.", "node_dvripclient, hass-xmeye"
    )
    own_sequence: bool = _seen(
        False, "Replies are numbered by the device's own count.", "Icsee-android, V5.11"
    )
    zero_session: bool = _seen(
        False, "Every reply but the login's carries session 0.", f"hass-xmeye; {_FUZZED}"
    )
    trailing_nuls: int = _seen(0, "Extra NUL bytes behind every JSON reply.", "python-dvr")
    fragment: int = _seen(
        0, "JSON replies are cut into fragments of this size; 0: never.", "alexshpilkin/dvrip"
    )
    latin1_text: bool = _seen(False, "Names go out as latin-1, as old firmware does.", "python-dvr, sofiactl")
    no_alive_interval: bool = _seen(False, "The login reply lacks AliveInterval.", "python-dvr issue 17")
    mute: frozenset[int] = _seen(
        frozenset(), "Requests that are done and never answered.", "NetSurveillancePp, hass-xmeye"
    )
    silent_errors: bool = _seen(
        False, "What is refused is not answered at all, except a login.", f"NetSurveillancePp; {_FUZZED}"
    )
    late: Mapping[int, float] = _seen(dict, "Message to the delay of its reply.", "hass-xmeye")
    duplicate: frozenset[int] = _seen(frozenset(), "Requests that are answered twice.", _OWN)
    reset_on: frozenset[int] = _seen(
        frozenset(), "Requests that are answered by a TCP reset.", "python-dvr: reboots without a reply"
    )

    # sessions and accounts
    unauthenticated_close_s: float = _seen(
        30.0, "A connection without session or claim is closed after this time.", "NetSurveillancePp"
    )
    unauthenticated_ret: int | None = _seen(
        None, "Requests before a login get this code (105) instead of silence.", f"old firmware, {_PAPER}"
    )
    alive_interval_s: int | None = _seen(
        None, "Replaces the profile's AliveInterval.", "20, 21 and 30 are known from real devices"
    )
    stream_needs_keepalive: bool = _seen(
        False, "A session ends after two intervals without a request, even while its stream is read.", _OWN
    )
    keepalive_every: int = _seen(
        1, "Of so many keep-alives one is answered.", "python-dvr issue 48: keep-alives that get lost"
    )
    lock_after: int | None = _seen(
        None, "An account is locked (205) after so many wrong passwords.", f"{_PAPER}; the number is not told"
    )
    lock_s: float = _seen(60.0, "How long it stays locked.", "users tell of minutes")
    login_ret: int | None = _seen(
        None, "Every login is refused with this code.", "113: a client of XM recorders; 430: a GrowCam client"
    )
    lost_session_ret: int | None = _seen(
        None,
        "The device has forgotten every session: keep-alives and requests get this code.",
        "an owner of an IPC_XM210: 203 and 205; old firmware: 105",
    )
    claim_is_dropped: bool = _seen(
        False,
        "A request between Claim and DownloadStart makes the device leave the start without an answer.",
        "TheJenos/xmeye-control",
    )
    second_login_ret: int | None = _seen(
        None, "A second login on a connection gets this code (104, 207), not the same session.", _PAPER
    )
    encrypted: str = _seen(
        "",
        'The firmware encrypts. A login with keys is "offered" or "required" (124 in clear), "md5_dh" with a '
        'salted password; a plain one is taken and everything answered "empty", the "light" kind until it is '
        'asked for an offer. It refuses any "login", or encrypts its "replies" so that nobody can read them.',
        "NBD80X16S-KL, V4.03.R11; XM V4.03 (124); V5.06 (empty); Icsee-android, V5.11; icsee-ptz 65",
    )
    claim_wait_s: float = _seen(
        2.0, "How long a Start waits for the Claim it has overtaken; 0 refuses it.", "eight clients compared"
    )
    max_connections: int | None = _seen(
        None, "TCP connections beyond this number are closed at once.", "TCPMaxConn, 10 on most devices"
    )
    ignore_password_change: bool = _seen(
        False, "A changed password is answered 100 and stays.", "Icsee-android, V5.11"
    )
    legacy_login_id: bool = _seen(False, "999 is a login as well.", f"numbering of {_PAPER}")

    # configuration
    restart: Mapping[str, int] = _seen(
        dict, "Object to the code (602, 603, 150, 522) its change gets, besides the profile's.", _PAPER
    )
    ignore_writes: frozenset[str] = _seen(
        frozenset(), "Objects whose writes are answered 100 and not applied.", _OWN
    )
    move_listener: bool = _seen(
        True, "A changed TCPPort or HostIP moves the device there; else it is only stored.", "python-dvr"
    )

    # media
    packet_size: int = _seen(
        8192, "Largest media body; 0 sends one packet a frame.", "8192: go2rtc, hass-xmeye; 0: H44 boards"
    )
    merge_frames: bool = _seen(False, "Several frames may share one packet.", "go2rtc, python-dvr")
    split_headers: bool = _seen(False, "Packets end inside frame headers.", "go2rtc, hass-xmeye")
    mid_gop: bool = _seen(False, "Streams start in the middle of a group of pictures.", "XM530 recordings")
    info_frames: bool = _seen(False, "An F9 frame stands before every key frame.", "KostasEreksonas: XM530")
    service_blocks: bool = _seen(False, "A bogus P frame every two seconds.", "hass-xmeye: NBD8008R-U, H.265")
    freeze_after_s: float | None = _seen(
        None, "A stream falls silent after this time, its connection stays open.", "go2rtc issues 633, 1472"
    )
    archive_pause_s: float | None = _seen(
        None,
        "A download pauses for this time after its first frames, and goes on.",
        "owners of two XMEye recorders, archive in 4K: 18, 38 and 74 s",
    )
    archive_pause_at: int = _seen(30, "How many frames come before that pause.", _OWN)
    silent_channels: frozenset[int] = _seen(
        frozenset(),
        "Channels whose stream is accepted and never sends.",
        "recorders, digital channel offline",
    )
    offline_channels: frozenset[int] = _seen(
        frozenset(), "Channels refused with 121; a digital one is Offline in NetWork.ChnStatus.", _PAPER
    )
    channel_state: Mapping[int, str] = _seen(
        dict,
        "Digital channel to its word in NetWork.ChnStatus: LoginFailed, NoLogin, Offline, NoConfig ...",
        "recorders of 5 and 28 channels",
    )

    # recordings
    playback_end: str = _seen(
        "flag",
        'How the end of a recording is told: by the end "flag", a "message" on the media socket or on the '
        '"control" socket, or by "silence".',
        f"flag: alexshpilkin/dvrip; messages: {_PAPER}",
    )
    download_as_playback: bool = _seen(
        False, "Downloads come in the messages of playbacks.", "some devices, clients take both"
    )
    bare_pictures: bool = _seen(
        False, "Pictures of the disk come without a frame around them.", "some devices, clients take both"
    )
    playback_token: str = _seen(
        "",
        "The login reply has this AdminToken; recordings are refused (103) without it.",
        "a GrowCam client",
    )
    other_recording: bool = _seen(
        False,
        "Whichever recording is asked for by name, the first one is sent.",
        "alexshpilkin/dvrip issue 9",
    )
    playback_of_channel_0: bool = _seen(
        False, "Playback by time shows channel 0, whichever is asked for.", "hass-xmeye: NBD8008R-U"
    )

    no_channel_talk: bool = _seen(
        False, "A talk to the camera of one channel is refused with 103.", "TheJenos/xmeye-control"
    )

    # alarms, PTZ and discovery
    push_needs_flag: bool = _seen(
        False, "Alarms are pushed only with the detector's MsgtoNetEnable or MessageEnable.", "python-dvr"
    )
    guard_ret: int | None = _seen(
        None,
        "Arming is answered with this code, and alarms are pushed all the same.",
        "equake/hass-xmeye, xmeye-nvr-tools: no answer, and pushes",
    )
    no_push: bool = _seen(
        False, "Arming is agreed to, and nothing is ever pushed.", "icsee-ptz issue 32: V1.01.LITEOS"
    )
    alarm_end: str = _seen("Stop", "The word for the end of an alarm.", "a public C# client: End")
    alarm_channel_shift: int = _seen(
        0,
        "Added to the channel that an alarm names.",
        "icsee-ptz issue 24: a camera's alarms come as channel 1",
    )
    no_alarm_stop: bool = _seen(False, "The end of an alarm is never pushed.", "equake/hass-xmeye, icsee-ptz")
    ptz_ignores: bool = _seen(
        False, "PTZ commands are answered 100 and nothing moves.", "equake/hass-xmeye, icsee-ptz issue 65"
    )
    forget_presets: bool = _seen(
        False, "Presets are gone after a restart.", "icsee-ptz: ESCAM R80X20-PQ, V5.00.R02.00030695"
    )
    answer_to_broadcast: bool = _seen(
        False, "Discovery replies go to the broadcast address, not to the asker.", "go2rtc, Icsee-android"
    )

    # upgrade
    upgrade_result: int = _seen(
        515, "What the burning ends with: 515, or 513 and 514 without new firmware.", _PAPER
    )
    upgrade_leaves_at: int | None = _seen(
        None,
        "At this per cent the connection closes without a last word, the new firmware is there nevertheless.",
        "the vendor's web page",
    )
    upgrade_dies_at: int | None = _seen(
        None, "At this per cent the device goes away and comes back with the old firmware.", _OWN
    )
    upgrade_stalls_at: int | None = _seen(
        None, "At this per cent the progress ends, and nothing more is said.", _OWN
    )
    upgrade_block_ret: int = _seen(100, "What every block is answered with.", _PAPER)
    upgrade_last_reply: bool = _seen(
        True, "Whether the last block is answered; else the progress follows at once.", "python-dvr"
    )
