"""The session description that DESCRIBE answers with (RFC 4566), and the order and numbers of its tracks.

1. AAC stands before G.711: Home Assistant takes the first audio track, and can keep only AAC.
2. The way back to the device (ONVIF Streaming Specification, 5.3) comes last, for those who ask for it.
"""

from __future__ import annotations

from base64 import b64encode

from ..media.g711 import PCMA, PCMU
from ..media.nal import ParameterSets
from ..media.units import Presentation, Track
from .rtp import RtpTrack

_STATIC_TYPES = {"pcma": PCMA, "pcmu": PCMU}  # for 8 kHz only, RFC 3551
_VIDEO_TYPE, _AAC_TYPE, _G711_TYPE = 96, 97, 98


def tracks(presentation: Presentation) -> tuple[Track, ...]:
    """Return the tracks in the order in which they are numbered."""
    offered = [Track.VIDEO]
    if presentation.aac is not None:
        offered.append(Track.AAC)
    if presentation.audio is not None:
        offered.append(Track.G711)
    return tuple(offered)


def rtp_track(presentation: Presentation, track: Track, channel: int) -> RtpTrack:
    """Return the sender for `track` as `describe` announces it."""
    codec = presentation.video.codec if track is Track.VIDEO else track.value
    return RtpTrack(
        track,
        codec,
        rate=presentation.rate(track),
        payload_type=_payload_type(presentation, track),
        channel=channel,
    )


def describe(presentation: Presentation, *, talkback: bool = False) -> bytes:
    """Return the SDP of a live stream, with a way back if wanted; addresses are relative to Content-Base."""
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=DVRIP", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*"]
    offered = tracks(presentation)
    for number, track in enumerate(offered):
        kind = "video" if track is Track.VIDEO else "audio"
        payload_type = _payload_type(presentation, track)
        lines += [
            f"m={kind} 0 RTP/AVP {payload_type}",
            *(f"a={name}:{payload_type} {value}" for name, value in _attributes(presentation, track)),
            f"a=control:trackID={number}",
        ]
    if talkback:
        lines += [
            f"m=audio 0 RTP/AVP {PCMA} {PCMU}",
            f"a=rtpmap:{PCMA} PCMA/8000",
            f"a=rtpmap:{PCMU} PCMU/8000",
            "a=sendonly",
            f"a=control:trackID={len(offered)}",
        ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _payload_type(presentation: Presentation, track: Track) -> int:
    if track is Track.VIDEO:
        return _VIDEO_TYPE
    if track is Track.AAC:
        return _AAC_TYPE
    sound = presentation.audio
    return _STATIC_TYPES[sound.codec] if sound is not None and sound.rate == 8000 else _G711_TYPE


def _attributes(presentation: Presentation, track: Track) -> list[tuple[str, str]]:
    rate = presentation.rate(track)
    if track is Track.VIDEO:
        video = presentation.video
        return [("rtpmap", f"{video.codec.upper()}/{rate}"), ("fmtp", _parameters(video.parameters))]
    if track is Track.AAC and presentation.aac is not None:
        config = presentation.aac.config.hex().upper()
        return [
            ("rtpmap", f"MPEG4-GENERIC/{rate}/{presentation.aac.channels}"),
            (
                "fmtp",
                "streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;"
                f"config={config}",
            ),
        ]
    codec = presentation.audio.codec.upper() if presentation.audio is not None else ""
    return [("rtpmap", f"{codec}/{rate}/1")]


def _parameters(parameters: ParameterSets) -> str:
    sps, pps = _base64(parameters.sps), _base64(parameters.pps)
    if parameters.vps:
        return f"sprop-vps={_base64(parameters.vps)};sprop-sps={sps};sprop-pps={pps}"
    profile = parameters.sps[1:4].hex().upper()
    return f"packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sps},{pps}"


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
