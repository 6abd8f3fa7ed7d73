"""Add an account that may only watch one channel, and prove it. The second time nothing changes.

The new password comes from DVRIP_NEW_PASSWORD.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace

from options import device, parser, run


async def main(options: Namespace) -> None:
    """Compare, say what changes, and change it; the library proves the new password by a login."""
    new = os.environ.get("DVRIP_NEW_PASSWORD")
    if not new:
        sys.exit("set DVRIP_NEW_PASSWORD")
    async with device(options) as camera:
        plan = await camera.users.plan_user(
            options.name,
            group="user",
            memo="watches only",
            authorities=[f"Monitor_{options.channel:02}"],
            password=new,
        )
        for line in plan.summary():
            print(line)
        await camera.users.apply(plan)
        print("changed" if plan.changed else "nothing to change")


if __name__ == "__main__":
    options = parser(__doc__)
    options.add_argument("host")
    options.add_argument("name", help="of the new account")
    options.add_argument("--channel", type=int, default=1)
    run(main, options.parse_args())
