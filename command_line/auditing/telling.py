"""Entries of the log as auditors read them on a terminal."""

from typing import Any


def told(row: Any) -> str:
    """Tell one entry in three lines that any terminal shows whole."""
    officer = f", officer {row['officer']}" if row["officer"] else ""
    case = f", case {row['case_reference']}" if row["case_reference"] else ""
    return (
        f"{row['logged_at']:%Y-%m-%d %H:%M:%S} UTC  {row['agency']} by {row['client']}{officer}\n"
        f"    {row['operation']} {row['dataset']} for {row['purpose']}{case}: "
        f"{row['decision']}, {row['rule']}; delivered: {', '.join(row['fields']) or 'nothing'}\n"
        f"    entry {row['entry_id']}, register at change {row['register_change']}"
    )
