"""Data messages in SDMX-CSV 1.0 and 2.0."""

import csv
import io

from sharing_api.protocols.sdmx.messages import DataMessage
from sharing_api.protocols.sdmx.structures import AGENCY, VERSION


def write(message: DataMessage, version: str) -> bytes:
    """Write a row for each observation.

    Args:
        version: of SDMX-CSV; 1.0 names the flow, 2.0 the structure and the action.
    """
    flow = message.flow
    reference = f"{AGENCY}:{flow.id}({VERSION})"
    if version == "1.0":
        first, heads = [reference], ["DATAFLOW"]
    else:
        first = ["dataflow", reference, "I"]
        heads = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    columns = [*flow.structure.dimensions, flow.structure.measure]
    if message.detail == "full":
        columns += flow.structure.attributes
    if message.detail in ("serieskeysonly", "nodata"):
        columns = list(flow.structure.series_dimensions)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*heads, *columns])
    for data in message.sets:
        rows = ([*first, *(one.get(name, "") for name in columns)] for one in data.observations)
        if message.detail in ("serieskeysonly", "nodata"):
            writer.writerows(dict.fromkeys(map(tuple, rows)))
        else:
            writer.writerows(rows)
    return text.getvalue().encode()
