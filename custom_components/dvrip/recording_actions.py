"""Actions on the recordings of a camera: find them, save one, take pictures out of the past."""

from datetime import datetime, timedelta
from typing import Any, Final

import voluptuous as vol
from homeassistant.components.camera import DOMAIN as CAMERA_DOMAIN
from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_platform_entity_service
from homeassistant.util import dt as dt_util

from dvrip_proto import EVENT_NAMES, Recording, UsageError

from .camera import DvripCamera
from .const import DOMAIN
from .failure import translated
from .recordings import mark
from .saving import async_allowed, write
from .together import once_a_channel

FOUND_MAX: Final = 500
PICTURES_MAX: Final = 500


def _possible(moment: datetime) -> datetime:
    if not 1970 <= moment.year < 3000:
        raise vol.Invalid(f"no device records in the year {moment.year}")
    return moment


_MOMENT: Final = vol.All(cv.datetime, _possible)
_SPAN: Final[dict[str | vol.Marker, Any]] = {vol.Required("start"): _MOMENT, vol.Required("end"): _MOMENT}


@callback
def async_setup_recording_actions(hass: HomeAssistant) -> None:
    """Register `dvrip.search_recordings`, `dvrip.download_recording` and `dvrip.recording_picture`."""
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        "search_recordings",
        entity_domain=CAMERA_DOMAIN,
        func=_search,
        schema={**_SPAN, vol.Optional("event"): vol.In(sorted(EVENT_NAMES.values()))},
        supports_response=SupportsResponse.ONLY,
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        "download_recording",
        entity_domain=CAMERA_DOMAIN,
        func=_download,
        schema={vol.Required("time"): _MOMENT, vol.Required("filename"): cv.string},
    )
    async_register_platform_entity_service(
        hass,
        DOMAIN,
        "recording_picture",
        entity_domain=CAMERA_DOMAIN,
        func=_pictures,
        schema={
            **_SPAN,
            vol.Required("directory"): cv.string,
            vol.Optional("every", default=10): vol.All(vol.Coerce(int), vol.Range(min=1, max=1440)),
        },
        supports_response=SupportsResponse.OPTIONAL,
    )


@translated
@once_a_channel
async def _search(camera: DvripCamera, call: ServiceCall) -> dict[str, Any]:
    """Recordings of a span of the device's time, the oldest first."""
    start, end = await _span(camera, call)
    wanted = call.data.get("event")
    found: list[dict[str, Any]] = []
    async for recording in camera.recordings.async_search(camera.channel or 0, start, end):
        events = sorted(EVENT_NAMES.get(letter, letter) for letter in recording.events)
        if wanted is None or wanted in events:
            found.append(_described(camera, recording, events))
        if len(found) == FOUND_MAX:
            break
    return {"recordings": found}


@translated
@once_a_channel
async def _download(camera: DvripCamera, call: ServiceCall) -> None:
    """Save the recording that covers a moment, as MP4."""
    target = await async_allowed(camera.hass, call.data["filename"])
    recording = await _at(camera, await _local(camera, call.data["time"]))
    await camera.recordings.clips.async_save(recording, target)


@translated
@once_a_channel
async def _pictures(camera: DvripCamera, call: ServiceCall) -> dict[str, Any]:
    """Save a picture every so many minutes of a span that is recorded; what is not recorded is left out."""
    folder = await async_allowed(camera.hass, call.data["directory"])
    start, end = await _span(camera, call)
    step = timedelta(minutes=call.data["every"])
    if (end - start) / step > PICTURES_MAX:
        raise UsageError(f"more than {PICTURES_MAX} pictures: a shorter span, or fewer of them")
    covering = [each async for each in camera.recordings.async_search(camera.channel or 0, start, end)]
    files: list[str] = []
    moment = start
    while moment <= end:
        recording = _covering(covering, moment)
        if recording is not None:
            picture = await camera.recordings.async_picture(recording, moment)
            path = folder / f"{camera.entity_id.partition('.')[2]}_{moment:%Y-%m-%d_%H%M%S}.jpg"
            await camera.hass.async_add_executor_job(write, path, picture)
            files.append(str(path))
        moment += step
    return {"files": files}


async def _local(camera: DvripCamera, moment: datetime) -> datetime:
    """A moment as the device counts: what has no zone is that already.

    What the clock shows decides, not the zone that is set: of many devices that is still the maker's.
    """
    if moment.tzinfo is None:
        return moment
    ahead = await camera.session.device.system.time() - dt_util.now().replace(tzinfo=None)
    minutes = round(ahead / timedelta(minutes=1))
    return dt_util.as_local(moment).replace(tzinfo=None) + timedelta(minutes=minutes)


async def _span(camera: DvripCamera, call: ServiceCall) -> tuple[datetime, datetime]:
    start, end = call.data["start"], call.data["end"]
    begin, until = await _local(camera, start), await _local(camera, end)
    if start.tzinfo and end.tzinfo and start <= end:  # an hour that comes twice turns them round
        return min(begin, until), max(begin, until)
    if begin > until:
        raise UsageError(f"the span ends at {until}, before it begins at {begin}")
    return begin, until


async def _at(camera: DvripCamera, moment: datetime) -> Recording:
    around = camera.recordings.async_search(camera.channel or 0, moment, moment + timedelta(seconds=1))
    recording = _covering([each async for each in around], moment)
    if recording is None:
        raise UsageError(f"nothing is recorded at {moment}")
    return recording


def _covering(recordings: list[Recording], moment: datetime) -> Recording | None:
    return next((each for each in recordings if _covers(each, moment)), None)


def _covers(recording: Recording, moment: datetime) -> bool:
    begin, end = recording.begin, recording.end
    if begin is None or end is None:
        return False
    if end < begin:  # the clock was put back while it was made
        return moment >= begin or moment <= end
    return begin <= moment <= end


def _described(camera: DvripCamera, recording: Recording, events: list[str]) -> dict[str, Any]:
    began = recording.begin or datetime.min
    entry_id = camera.session.config_entry.entry_id
    place = f"{entry_id}/{(camera.channel or 0) + 1}/{began.date()}/all/{mark(recording)}"
    return {
        "start": began.isoformat(),
        "end": recording.end.isoformat() if recording.end is not None else None,
        "size_kib": recording.size_kib,
        "events": events,
        "media_content_id": f"media-source://{DOMAIN}/{place}",
    }
