"""Recordings and their pictures over HTTP, for who is signed in to Home Assistant or has a signed address."""

from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web
from homeassistant.components.http import HomeAssistantView
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.http import KEY_HASS

from dvrip_proto import DvripError, Recording, UsageError

from .clips import Clips
from .const import DOMAIN, LOGGER
from .recordings import DvripRecordings

_TAIL: Final = "{entry_id}/{channel}/{day}/{kind}/{mark}"
RECORDING_URL: Final = f"/api/dvrip/recording/{_TAIL}"
THUMBNAIL_URL: Final = f"/api/dvrip/thumbnail/{_TAIL}"

_PROBE: Final = "bytes=0-1"
"""What players of Apple ask for first: they show nothing that cannot be had in parts, of a known length."""


@callback
def async_setup_views(hass: HomeAssistant) -> None:
    """Register the addresses, once."""
    hass.http.register_view(RecordingView())
    hass.http.register_view(ThumbnailView())


async def _wanted(request: web.Request, address: dict[str, str]) -> tuple[DvripRecordings, Recording]:
    """Where a recording is, and which. HTTPNotFound for what is none, HTTPBadGateway for a refusal."""
    hass = request.app[KEY_HASS]
    entry = hass.config_entries.async_get_entry(address["entry_id"])
    if entry is None or entry.domain != DOMAIN or entry.state is not ConfigEntryState.LOADED:
        raise web.HTTPNotFound(text="this device is not loaded")
    recordings: DvripRecordings = entry.runtime_data.recordings
    try:
        day, channel = date.fromisoformat(address["day"]), int(address["channel"]) - 1
        if channel < 0 or address["kind"] not in ("h264", "jpg"):
            raise ValueError(address["channel"])
        return recordings, await recordings.async_recording(channel, day, address["kind"], address["mark"])
    except (ValueError, UsageError) as error:
        raise web.HTTPNotFound(text="no such recording") from error
    except DvripError as error:
        raise _bad_gateway(error) from error


def _bad_gateway(error: DvripError) -> web.HTTPException:
    LOGGER.debug("A recording cannot be had: %s", error)
    return web.HTTPBadGateway(text="the device did not send this recording")


class RecordingView(HomeAssistantView):
    """A recording as MP4: with ranges when it is whole, else as it comes; or a recorded picture.

    Whoever can use it in parts only waits until it is whole.
    """

    url = RECORDING_URL
    name = "api:dvrip:recording"

    async def get(self, request: web.Request, **address: str) -> web.StreamResponse:
        """Send it. One that breaks off breaks the answer off: nobody takes the half for the whole."""
        recordings, recording = await _wanted(request, address)
        if recording.kind == "jpg":
            return await _picture(recordings, recording)
        response = web.StreamResponse(headers={"Content-Type": "video/mp4", "Cache-Control": "no-store"})
        try:
            if (path := await _in_parts(request, recordings.clips, recording)) is not None:
                return web.FileResponse(path, headers={"Content-Type": "video/mp4"})
            async for chunk in recordings.clips.async_chunks(recording):
                if not response.prepared:
                    await response.prepare(request)
                await response.write(chunk)
            if response.prepared:
                await response.write_eof()
        except DvripError as error:
            if not response.prepared:
                raise _bad_gateway(error) from error
            LOGGER.debug("A recording broke off: %s", error)
            request.protocol.force_close()
            return response
        except ConnectionError:  # whoever watched has left
            return response
        if not response.prepared:
            return web.Response(status=HTTPStatus.BAD_GATEWAY, text="the recording is empty")
        return response


async def _in_parts(request: web.Request, clips: Clips, recording: Recording) -> Path | None:
    """The file of a clip that can be had in parts, None of one that is sent as it comes."""
    if request.headers.get("Range") == _PROBE:
        return (await clips.async_whole(recording)).path
    clip = clips.async_clip(recording)
    return clip.path if clip.seekable else None


class ThumbnailView(HomeAssistantView):
    """The first picture of a recording."""

    url = THUMBNAIL_URL
    name = "api:dvrip:thumbnail"

    async def get(self, request: web.Request, **address: str) -> web.StreamResponse:
        """Send it."""
        return await _picture(*await _wanted(request, address))


async def _picture(recordings: DvripRecordings, recording: Recording) -> web.Response:
    try:
        picture = await recordings.async_picture(recording)
    except DvripError as error:
        raise _bad_gateway(error) from error
    return web.Response(
        body=picture, content_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"}
    )
