"""The numbers of the cast: a few invented people and firms that every sample country begins with.

The documentation names them, so they never change; `cast_people` and `cast_firms` tell their
stories. No tax office has the number 99, so the codes of the firms cannot be anybody's.
"""

CITIZEN = "001190000018"  # Nguyễn Thị Mai: an ordinary citizen
HUSBAND = "001088000021"  # Trần Quốc Bảo: her husband
CHILD = "001315000034"  # Trần Bảo An: their daughter
CORRECTED = "079085000047"  # Lê Văn Hậu: his date of birth was corrected
MOVED = "048192000050"  # Huỳnh Ngọc Lan: moved across the reform
DEAD = "036048000063"  # Phạm Văn Tư: died in 2024
FORMER_NUMBER = "092077000076"  # Võ Minh Tâm: cancelled, see REESTABLISHED
REESTABLISHED = "092078000089"  # Võ Minh Tâm: number since the year of birth was corrected

OPERATING_FIRM = "9900000016"  # what the chain leads to
MIDDLE_FIRM = "9900000023"  # holds a part of it
TOP_FIRM = "9900000030"  # holds the middle one

RESERVED_PINS = frozenset(
    int(pin)
    for pin in (CITIZEN, HUSBAND, CHILD, CORRECTED, MOVED, DEAD, FORMER_NUMBER, REESTABLISHED)
)
RESERVED_CODES = frozenset(int(code) for code in (OPERATING_FIRM, MIDDLE_FIRM, TOP_FIRM))

# No province has the number 99, so these insurance numbers cannot be anybody's.
CITIZEN_INSURANCE = "9900000012"
CHILD_INSURANCE = "9900000029"
DEAD_INSURANCE = "9900000036"
DEAD_FORMER_BOOK = "9900000043"  # merged into the one above
FACILITY = "01999"  # where they are treated first

COMMUNE_UNIT = "1990002"  # spends the budget of a commune since the reform

HOME, HOME_CERTIFICATE = "TDMAU1", "CA 990001"  # of CITIZEN and HUSBAND
UNTRUE_TITLE = "TDMAU6"  # the parcel that still bears FORMER_NUMBER
