"""Smallest valid records of the enterprise register; all names are invented."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.identifiers import check_digit
from enterprise import service, values

REGISTERED = date(2020, 5, 4)


def code(number: int) -> str:
    """Make the n-th valid enterprise code."""
    digit = None
    while digit is None:
        prefix = f"{number:09d}"
        digit = check_digit(prefix)
        number += 1_000_000  # the law skips numbers without a check digit
    return f"{prefix}{digit}"


def make_details(**changes: Any) -> values.Details:
    """Make details of a one-member company."""
    details = values.Details(
        name_vi="CÔNG TY TNHH HOÀNG HÔN XANH",
        legal_type=values.LegalType.LLC1,
        address=values.Address(
            as_written="Số 1, đường Tưởng Tượng, Phường Tân Thành, Tỉnh Cà Mau",
            status="exact",
            street="Số 1, đường Tưởng Tượng",
            commune_code="32002",
            commune_version="19/2025",
            province_code="96",
        ),
        registered_on=REGISTERED,
        charter_capital_amount=Decimal(1_000_000_000),
    )
    return dataclasses.replace(details, **changes)


def make_owner(ref: str = "pin:096085000001", share: str | None = "1", **more: Any) -> values.Owner:
    """Make an owner of all capital."""
    capital = None if share is None else Decimal(share)
    kind = more.pop("kind", values.OwnershipKind.OWNER)
    return values.Owner(values.Party.parse(ref), "Người Nào Đó", kind, capital, **more)


def make_registration(enterprise_code: str, **changes: Any) -> values.Registration:
    """Make a registration with one line, one representative and one owner."""
    registration = values.Registration(
        enterprise_code=enterprise_code,
        details=make_details(),
        lines=(
            values.IndustryLine("36/2025", "4690", is_principal=True),
            values.IndustryLine("36/2025", "4719"),
        ),
        representatives=(
            values.Representative(
                values.Party.parse("pin:096085000001"), "Lê Văn Tưởng", "Giám đốc"
            ),
        ),
        owners=(make_owner(),),
    )
    return dataclasses.replace(registration, **changes)


def make_enterprise(session: Session, act: Act, enterprise_code: str, **changes: Any) -> int:
    """Register an enterprise and give the number of the change."""
    registration = make_registration(enterprise_code, **changes)
    return service.register_enterprise(session, act=act, registration=registration).change
