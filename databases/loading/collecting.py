"""The interpreter's search for cycles, paused while rows are worked on."""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Pause the search for cycles: rows make none, and it took half of the time of some loads.

    What was made meanwhile counts as old afterwards: looking through all of it at once, as new
    objects are, took a tenth of a load of parcels.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():  # what somebody else froze stays frozen
                gc.freeze()
                gc.unfreeze()
            gc.enable()
