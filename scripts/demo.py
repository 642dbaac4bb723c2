#!/usr/bin/env python3
"""`make demo`: makes the environment, then becomes the demonstration. RESET=1 begins anew, PORT= chooses the port."""

import os
import sys

import environment


def main() -> None:
    """Prepare what the fund needs to run, then hand over to `trustfund.embedded.demo`."""
    try:
        environment.prepare("runtime")
    except environment.CannotPrepare as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("Stopped. Run `make demo` again to go on.")
    os.chdir(str(environment.ROOT))
    # One process from here on, so that Ctrl-C and SIGTERM reach the demonstration itself.
    python = str(environment.PYTHON)
    os.execv(python, [python, "-m", "trustfund.embedded.demo", *sys.argv[1:]])


if __name__ == "__main__":
    main()
