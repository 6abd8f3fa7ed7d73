# Copyright: (c) 2026, The DVRIP project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# PRIVATE to this collection: it may change at any time.
# Written by tools/ansible_settings.py from the controls of the library.

"""Options of the module `settings`: one a control of the library."""

from __future__ import annotations

import typing as t

# fmt: off
DEVICE: dict[str, dict[str, t.Any]] = {
    "white_light": {"type": "str"},
    "white_light_from": {"type": "str"},
    "white_light_until": {"type": "str"},
    "ntp": {"type": "bool"},
    "ntp_server": {"type": "str"},
    "cloud": {"type": "bool"},
    "device_name": {"type": "str"},
    "time_zone": {"type": "str"},
    "restart_day": {"type": "str", "choices": ["Never", "Everyday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]},
    "restart_hour": {"type": "int"},
}
# Option that is a list -> the option that says which one is meant, and those of one.
LISTS: dict[str, tuple[str, dict[str, dict[str, t.Any]]]] = {
    "channels": ("channel", {
        "motion_detection": {"type": "bool"},
        "motion_sensitivity": {"type": "int"},
        "motion_records": {"type": "bool"},
        "person_detection": {"type": "bool"},
        "person_sensitivity": {"type": "int"},
        "tamper_detection": {"type": "bool"},
        "day_night": {"type": "str", "choices": ["auto", "colour", "black-white", "intelligent light", "white light", "intelligent infrared", "licence plate"]},
        "mirror": {"type": "bool"},
        "flip": {"type": "bool"},
        "backlight_compensation": {"type": "bool"},
        "wide_dynamic_range": {"type": "bool"},
        "privacy": {"type": "bool"},
        "brightness": {"type": "int"},
        "privacy_mask_1": {"type": "bool"},
        "channel_name": {"type": "str"},
        "codec": {"type": "str"},
        "resolution": {"type": "str"},
        "frame_rate": {"type": "int"},
        "bit_rate": {"type": "int"},
        "recording": {"type": "str"},
        "recording_schedule": {"type": "raw"},
        "pre_record": {"type": "int"},
    }),
    "alarm_outputs": ("number", {
        "alarm_output": {"type": "bool"},
        "alarm_output_mode": {"type": "str"},
    }),
    "outputs": ("number", {
        "speaker_volume": {"type": "int"},
    }),
}
# fmt: on
