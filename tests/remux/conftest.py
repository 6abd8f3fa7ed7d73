"""A picture for files."""

from __future__ import annotations

import av
import pytest


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A picture that decodes."""
    source = tmp_path_factory.mktemp("key") / "key.h264"
    with av.open(str(source), "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for packet in (*stream.encode(av.VideoFrame(64, 48, "yuv420p")), *stream.encode(None)):
            container.mux(packet)
    return source.read_bytes()
