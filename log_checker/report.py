"""What was found, in words."""

from log_checker.run import Verdict


def describe(verdict: Verdict) -> str:
    """Tell what was found."""
    lines = [
        f"{verdict.entries} entries hashed again, {verdict.checkpoints} checkpoints compared, "
        f"{verdict.waiting} entries wait for the next checkpoint.",
    ]
    if verdict.covers:
        lines.append(
            f"The chains of {verdict.subjects} subjects were made anew over the first "
            f"{verdict.covers} entries."
        )
    if verdict.timestamps:
        lines.append(f"{verdict.timestamps} timestamps of authorities hold.")
    if verdict.problem:
        lines.append(f"NOT VERIFIED: at leaf {verdict.place}: {verdict.problem}.")
    else:
        lines.append("VERIFIED: the rows lead to every signed checkpoint.")
    return "\n".join(lines)
