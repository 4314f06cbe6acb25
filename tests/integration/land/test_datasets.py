"""What the land register publishes, read on a real PostgreSQL."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases import datasets as kernel
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import MalformedIdentifier
from land import datasets, service, values
from sharing_api.standards import validate
from tests.factories import land as factory

ON = date(2026, 1, 1)
LATER = date(2026, 2, 1)


def fetch(
    session: Session, dataset: kernel.Dataset, key: str, on: date = ON, **more: Any
) -> dict[str, Any] | None:
    fields = frozenset(dataset.fields)
    found = dataset.fetch(session, [dataset.key_rule(key)], fields, AsOf(on, **more))
    return next((dict(record) for record in found.records.values()), None)


def search(session: Session, limit: int = 10, **asked: Any) -> list[str]:
    found = datasets.PARCEL.search(session, asked, frozenset({"parcel_id"}), AsOf(ON), limit)
    return list(found.records)


class TestParcel:
    def test_says_what_was_registered(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        record = fetch(land_session, datasets.PARCEL, "P1")

        assert record is not None
        assert record["location"]["province"]["code"] == "01"
        assert record["old_commune"] == {"code": "00001", "list": "commune", "version": "124/2004"}
        assert record["legal_area"] == "400"
        assert record["survey"]["srid"] == factory.ZONE
        assert record["land_uses"][0]["use"]["code"] == "ODT"
        assert record["shape"]["type"] == "MultiPolygon"

    def test_is_absent_before_its_day(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        assert fetch(land_session, datasets.PARCEL, "P1", date(2025, 8, 31)) is None

    def test_tells_nothing_about_persons(self) -> None:
        assert not datasets.PARCEL.is_personal
        assert not {"holders", "rights", "names"} & datasets.PARCEL.fields.keys()

    @pytest.mark.parametrize(
        "asked",
        [
            {"commune": {"code": "00004", "version": "19/2025"}},
            {"commune": {"code": "00001", "version": "124/2004"}, "map_sheet_no": "12"},
            {"commune": {"code": "00001", "version": "124/2004"}, "parcel_no": "34"},
            {"bbox": [100.0, 20.0, 110.0, 22.0]},
            {"bbox": "100,20,110,22"},
            {"after": "0"},
            {"after": "0", "map_sheet_no": ["11", "12"]},
            {"after": "0", "legal_area": {"least": "0.01"}},
            {"after": "0", "legal_area": {"above": 0, "below": 1e9}},
            {"after": "P0", "bbox": [100.0, 20.0, 110.0, 22.0]},
        ],
    )
    def test_is_found(self, land_session: Session, act: Act, asked: dict[str, Any]) -> None:
        factory.register(land_session, act)

        assert search(land_session, **asked) == ["P1"]

    @pytest.mark.parametrize(
        "asked",
        [
            {"commune": {"code": "00004", "version": "124/2004"}},
            {"commune": {"code": "00001", "version": "124/2004"}, "map_sheet_no": "13"},
            {"bbox": [100.0, 20.0, 101.0, 20.5]},
            {"after": "P1"},
            {"after": "0", "map_sheet_no": ["11", "13"]},
            {"after": "0", "legal_area": {"most": 0.01}},
            {"after": "0", "legal_area": {"least": 2, "most": 1}},
            {"parcel_identifier": "AAAAAAAAAAAA"},
        ],
    )
    def test_is_not_found_elsewhere(
        self, land_session: Session, act: Act, asked: dict[str, Any]
    ) -> None:
        factory.register(land_session, act)

        assert search(land_session, **asked) == []

    def test_is_found_page_by_page(self, land_session: Session, act: Act) -> None:
        for number in (1, 2, 3):
            factory.register_another(land_session, act, number)

        first = search(land_session, limit=2, after="0")

        assert first == ["P1", "P2"]
        assert search(land_session, limit=2, after=first[-1]) == ["P3"]

    def test_that_shares_sheet_and_number_is_found_with_the_other(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register_another(land_session, act, 1)
        twin = factory.make_parcel("P2", column=1, parcel_no="31")
        factory.register_another(land_session, act, 2, parcel=twin)

        found = search(
            land_session, commune={"code": "00001", "version": "124/2004"}, parcel_no="31"
        )

        assert found == ["P1", "P2"]

    def test_sheet_alone_is_too_wide(self, land_session: Session) -> None:
        with pytest.raises(kernel.PredicatesTooWide):
            search(land_session, map_sheet_no="12")


class TestHolding:
    def test_lists_rights_with_share_and_certificates(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)

        record = fetch(land_session, datasets.HOLDING, "001084000999")

        assert record is not None
        assert record["names"] == ["Nguyễn Văn An"]
        assert record["has_land"]
        (right,) = record["rights"]
        assert (right["share"], right["certificates"]) == ("1/1", ["CB246904"])
        assert right["parcel"]["map_sheet_no"] == "12"

    def test_of_one_who_holds_nothing_is_not_found(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        assert fetch(land_session, datasets.HOLDING, "001185001234") is None

    def test_of_an_enterprise_goes_by_its_code(self, land_session: Session, act: Act) -> None:
        firm = factory.make_holder(factory.BANK, role=values.HolderRole.ORGANISATION)
        factory.register(land_session, act, rights=(factory.make_right(holders=(firm,)),))

        assert fetch(land_session, datasets.HOLDING, "0100233488") is not None

    def test_shows_the_state_of_a_former_day_and_of_a_former_change(
        self, land_session: Session, act: Act
    ) -> None:
        registered = factory.register(land_session, act)
        disposal = values.Disposal(
            "R1", {factory.OWNER.ref: Fraction(1)}, (factory.make_holder(factory.BUYER),)
        )
        service.register_transfer(land_session, act=act, disposal=disposal, on=ON)

        seller = "001084000999"
        assert fetch(land_session, datasets.HOLDING, seller, LATER) is None
        assert fetch(land_session, datasets.HOLDING, seller, date(2025, 12, 31)) is not None
        assert fetch(land_session, datasets.HOLDING, seller, LATER, change=registered) is not None

    def test_lists_mortgages_and_debts(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        mortgage = values.Mortgage("M1", "R1", factory.BANK, "Ngân hàng")
        service.register_mortgage(
            land_session, act=act, mortgage=mortgage, mortgagors={factory.OWNER.ref}, on=ON
        )
        fee = values.ResponsibilityKind.LAND_USE_FEE
        owed = values.Responsibility("O1", "R1", fee, Decimal(1_000_000))
        service.register_responsibility(land_session, act=act, responsibility=owed, on=ON)

        record = fetch(land_session, datasets.HOLDING, "001084000999", LATER)

        assert record is not None
        assert [one["mortgagee"] for one in record["mortgages"]] == [factory.BANK.ref]
        assert [one["amount"] for one in record["responsibilities"]] == ["1000000"]

    @pytest.mark.parametrize("key", ["12345678", "0100233489", "00108400099X"])
    def test_refuses_a_malformed_key(self, key: str) -> None:
        with pytest.raises(MalformedIdentifier):
            datasets.HOLDING.key_rule(key)


class TestCertificate:
    def test_is_found_however_its_number_is_written(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)

        record = fetch(land_session, datasets.CERTIFICATE, "Số phát hành: cb.246904")

        assert record is not None
        assert record["number_as_written"] == "CB 246904"
        assert [one["party"] for one in record["holders"]] == [factory.OWNER.ref]
        assert record["location"]["province"]["code"] == "01"
        assert record["is_in_force"]

    def test_names_what_came_after_and_before_it(self, land_session: Session, act: Act) -> None:
        factory.register(land_session, act)
        again = factory.make_certificate("C9", number_as_written="AA 12345678")
        service.reissue_certificate(land_session, act=act, certificate=again, replaces="C1", on=ON)

        old = fetch(land_session, datasets.CERTIFICATE, "CB246904", LATER)
        new = fetch(land_session, datasets.CERTIFICATE, "AA12345678", LATER)

        assert old is not None
        assert new is not None
        assert (old["status"], old["replaced_by"]) == ("replaced", ["AA12345678"])
        assert (new["status"], new["replaces"]) == ("in_force", ["CB246904"])

    def test_keeps_the_numbers_that_stand_on_the_paper(
        self, land_session: Session, act: Act
    ) -> None:
        paper = factory.make_certificate(numbers_on_paper={"R1": ("3", "77")})
        factory.register(land_session, act, certificates=(paper,))

        record = fetch(land_session, datasets.CERTIFICATE, "CB246904")

        assert record is not None
        (parcel,) = record["parcels"]
        assert (parcel["map_sheet_no_on_paper"], parcel["map_sheet_no"]) == ("3", "12")

    def test_refuses_a_number_that_is_read_by_a_guess(self) -> None:
        with pytest.raises(MalformedIdentifier):
            datasets.CERTIFICATE.key_rule("CB 246 9O4")


class TestStandards:
    @pytest.mark.parametrize(
        ("dataset", "key"),
        [
            (datasets.PARCEL, "P12"),
            (datasets.HOLDING, "001084000999"),
            (datasets.CERTIFICATE, "AA12345678"),
        ],
        ids=lambda value: getattr(value, "name", ""),
    )
    def test_hold_every_field_of_the_dataset(
        self, land_session: Session, act: Act, dataset: kernel.Dataset, key: str
    ) -> None:
        _register_everything(land_session, act)

        record = fetch(land_session, dataset, key, LATER)

        assert record is not None
        assert set(record) == set(dataset.fields)
        message = {
            "standard": f"{dataset.standard}/{dataset.standard_version}",
            "time": "2026-03-02T08:00:00+00:00",
            "register": "land",
            "change": 1,
            "valid_on": LATER.isoformat(),
            "count": 1,
            "records": [record],
        }
        validate.validate_message(dataset.standard, dataset.standard_version, message)


def _register_everything(session: Session, act: Act) -> None:
    """Register a parcel with all that can stand on it, then split it."""
    house = values.LegalSpace("H1", "P1", values.SpaceKind.HOUSE, "Nhà ở", storeys=2)
    factory.register(session, act, spaces=(house,))
    planning = values.RestrictionKind.PLANNING
    service.register_restriction(
        session,
        act=act,
        restriction=values.Restriction("X1", "P1", planning, "UBND", "1/QĐ"),
        on=factory.REGISTERED,
    )
    service.register_mortgage(
        session,
        act=act,
        mortgage=values.Mortgage("M1", "R1", factory.BANK, "Ngân hàng", rank=1),
        mortgagors={factory.OWNER.ref},
        on=factory.REGISTERED,
    )
    fee = values.ResponsibilityKind.LAND_USE_FEE
    owed = values.Responsibility("O1", "R1", fee, Decimal("12.50"), due_on=LATER)
    service.register_responsibility(session, act=act, responsibility=owed, on=ON)
    first, second = (
        values.Part(
            factory.make_parcel(
                f"P1{number}",
                legal_area_m2=Decimal(200),
                shape=factory.make_shape((number - 1) / 2, width=0.5),
                uses=(values.LandUse("08/2024", None, "đất thổ cư", Decimal(200)),),
            ),
            {"R1": f"R1{number}"},
        )
        for number in (1, 2)
    )
    paper = factory.make_certificate("C12", "R12", number_as_written="AA 12345678")
    parts = (first, replace(second, legal_space_ids=("H1",), certificates=(paper,)))
    service.register_split(
        session, act=act, parcel_id="P1", parts=parts, on=ON, consents=frozenset({"M1"})
    )
