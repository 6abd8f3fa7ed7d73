"""`python -m dvrip_proto.simulator`: the same as `dvrip simulate`, without its extra packages."""

from __future__ import annotations

import argparse
import logging
import sys

from .run import Options, simulate, write_error, write_line


def main() -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(
        prog="python -m dvrip_proto.simulator", description="Simulate DVRIP devices."
    )
    parser.add_argument("--bind", metavar="ADDR", help="address of the first device (default 127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="N", help="TCP port (default 34567, 0 for any free one)")
    parser.add_argument(
        "--discovery-port", type=int, metavar="N", help="UDP port (default 34569, 0 for none)"
    )
    parser.add_argument("--user", help="name of the administrator (default admin)")
    parser.add_argument("--password", help="his password (default: none)")
    parser.add_argument("--profile", metavar="NAME", help="hi3516, hvr, ipc (default), nvr, or a JSON file")
    parser.add_argument(
        "--channels", type=int, metavar="N", help="number of channels (default: the profile's)"
    )
    parser.add_argument(
        "--video",
        action="append",
        dest="videos",
        metavar="FILE",
        help="what a channel shows: a file, scene:h264, scene:h265 or scene:h265+h264; repeat it",
    )
    parser.add_argument("--count", type=int, metavar="N", help="number of devices, each on the next address")
    parser.add_argument(
        "--motion-every", type=float, dest="motion_every_s", metavar="S", help="seconds from motion to motion"
    )
    parser.add_argument(
        "--motion-for", type=float, dest="motion_for_s", metavar="S", help="how long motion lasts (default 5)"
    )
    parser.add_argument(
        "--motion-chance", type=float, metavar="P", help="probability of motion within a minute, 0 to 1"
    )
    parser.add_argument(
        "--state", metavar="FILE", help="keep what is changed in this file, and begin with it"
    )
    parser.add_argument("--control", metavar="HOST:PORT", help="serve the control API here (loopback)")
    given = {key: value for key, value in vars(parser.parse_args()).items() if value is not None}
    if "videos" in given:
        given["videos"] = tuple(given["videos"])
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    return simulate(Options(**given), say=write_line, complain=write_error)


if __name__ == "__main__":
    sys.exit(main())
