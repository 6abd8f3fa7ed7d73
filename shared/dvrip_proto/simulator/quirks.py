"""What this device does differently: faults and habits seen on real devices, all off by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """Switches of one simulated device; sizes in bytes, times in seconds."""

    # replies
    sequence_offset: int = 0
    """Added to the sequence number of every reply (some devices answer with +1)."""
    zero_session: bool = False
    """Every reply but the login's carries session 0 (seen inside live sessions)."""
    trailing_nuls: int = 0
    """Extra NUL bytes behind the trailer of every JSON reply."""
    fragment: int = 0
    """Cut JSON replies into control fragments of this size; 0 sends one packet."""
    latin1_text: bool = False
    """Names go out as latin-1, as old firmware does."""
    no_alive_interval: bool = False
    """The login reply lacks AliveInterval."""
    mute: frozenset[int] = frozenset()
    """Requests that are never answered."""
    late: Mapping[int, float] = field(default_factory=dict)
    """Message id -> delay of its reply."""
    reset_on: frozenset[int] = frozenset()
    """Requests that are answered by a TCP reset."""

    # sessions and accounts
    unauthenticated_close_s: float = 30.0
    """A connection without session or claim is closed after this time."""
    unauthenticated_ret: int | None = None
    """Old firmware answers requests before login with this code instead of silence."""
    alive_interval_s: int | None = None
    """Replaces the profile's AliveInterval."""
    lock_after: int | None = None
    """Lock an account (205) after this many wrong passwords."""
    lock_s: float = 60.0
    max_connections: int | None = None
    """Refuse connections beyond this number, as `TCPMaxConn` says on real devices."""
    ignore_password_change: bool = False
    """1488 answers 100 and changes nothing (V5.11)."""
    legacy_login_id: bool = False
    """999 is a login request as well (numbering of the vendor's paper)."""

    # configuration
    restart: Mapping[str, int] = field(default_factory=dict)
    """Object name -> code (602, 603, 150, 522) its change is answered with, besides the profile's."""
    ignore_writes: frozenset[str] = frozenset()
    """Objects whose writes are answered 100 and not applied."""
    move_listener: bool = False
    """A changed TCPPort moves the listener after the reply; else it is only stored."""

    # media
    packet_size: int = 8192
    """Largest media body; 0 sends one packet a frame (H44 boards)."""
    merge_frames: bool = False
    """Several frames may share one packet."""
    split_headers: bool = False
    """Packets end inside frame headers."""
    mid_gop: bool = False
    """Streams start in the middle of a group of pictures."""
    info_frames: bool = False
    """An F9 frame before every key frame."""
    service_blocks: bool = False
    """A bogus P frame every two seconds (NBD8008R-U, H.265)."""
    freeze_after_s: float | None = None
    """A stream falls silent after this time and its connection stays open."""
    silent_channels: frozenset[int] = frozenset()
    """Channels whose stream is accepted and never sends (digital channel offline)."""
    offline_channels: frozenset[int] = frozenset()
    """Channels refused with 121."""

    # recordings
    playback_end: str = "flag"
    """How the end of a recording is told: by the end "flag", a "message" on the media socket or on the
    "control" socket, or by "silence"."""
    download_as_playback: bool = False
    """Downloads come in the messages of playbacks."""
    bare_pictures: bool = False
    """Pictures of the disk come without a frame around them."""
    playback_of_channel_0: bool = False
    """Playback by time shows channel 0, whichever is asked for (NBD8008R-U)."""

    # alarms and discovery
    push_needs_flag: bool = False
    """Alarms are pushed only when the detector's MsgtoNetEnable or MessageEnable is set."""
    no_alarm_stop: bool = False
    """The end of an alarm is never pushed."""
    answer_to_broadcast: bool = False
    """Discovery replies go to the broadcast address, not to the asker's port."""
    ptz_ignores: bool = False
    """PTZ commands are answered 100 and nothing moves."""

    # upgrade
    upgrade_result: int = 515
    """What the burning ends with: 515, or 513 and 514 without new firmware."""
    upgrade_leaves_at: int | None = None
    """At this per cent the connection closes without a last word; the new firmware is there nevertheless."""
    upgrade_dies_at: int | None = None
    """At this per cent the device goes away and comes back with the old firmware."""
    upgrade_stalls_at: int | None = None
    """At this per cent the progress ends, and nothing more is said."""
    upgrade_block_ret: int = 100
    """What every block is answered with."""
    upgrade_last_reply: bool = True
    """Whether the last block is answered; else the progress follows at once."""
