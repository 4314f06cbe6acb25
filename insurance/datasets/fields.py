"""The fields that the register publishes: participants, eligibility, contributions, bodies.

Where a decree lists the items of the database, its text was not at hand (Decree 164/2025/NĐ-CP,
items not verified); where a law says what an item is, its article stands here.
"""

from collections.abc import Iterable, Mapping

from databases.datasets import Field, FieldType, Format, Sensitivity

_BASE = "Decree 164/2025/NĐ-CP (national database on insurance; item not verified)"
_CARD = "Law on Health Insurance 25/2008/QH12 art. 16"
_LEVEL = "Law on Health Insurance 25/2008/QH12 art. 22 as amended by Law 46/2014/QH13"
_GROUP = "Law on Health Insurance 25/2008/QH12 art. 12 as amended by Law 46/2014/QH13"
_BOOK = "Law on Social Insurance 41/2024/QH15 (contents of the book; article not verified)"
_PENSION = "Law on Social Insurance 41/2024/QH15 art. 98"
_BEARER: tuple[Format, ...] = ("full", "pairwise_pseudonym")


def _field(
    name: str,
    kind: FieldType,
    law_item: str,
    title_vi: str,
    description: str,
    *,
    formats: tuple[Format, ...] = ("full",),
    sources: tuple[str, ...] = (),
    code_list: str | None = None,
    sensitivity: Sensitivity = "basic",
) -> Field:
    return Field(
        name=name,
        type=kind,
        sensitivity=sensitivity,
        sources=sources,
        formats=formats,
        code_list=code_list,
        law_item=law_item,
        title_vi=title_vi,
        description=description,
    )


def _by_name(fields: Iterable[Field]) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


_BEARER_FIELDS = (
    _field("participant_no", "text", _BASE, "Mã người tham gia",
           "Social insurance number that stands now; the personal number of who has none.",
           formats=_BEARER),
    _field("social_insurance_no", "text", _BASE, "Mã số bảo hiểm xã hội",
           "Ten digits; null for who was never given one.", formats=_BEARER),
    _field("pin", "text", _BASE, "Số định danh cá nhân",
           "Personal identification number; null where it is not known.", formats=_BEARER),
    _field("full_name", "text", _BASE, "Họ và tên", "Full name.", formats=("full", "initials")),
    _field("date_of_birth", "partial_date", _BASE, "Ngày, tháng, năm sinh",
           "Date of birth, to the day, month or year as it is known.",
           formats=("full", "year_only")),
    _field("residence", "address", _BASE, "Nơi cư trú", "Place of residence as declared."),
)  # fmt: skip

PARTICIPANT_FIELDS = _by_name(
    (
        *_BEARER_FIELDS,
        _field("sex", "code", _BASE, "Giới tính", "Sex as registered.", code_list="sex"),
        _field("nationality", "code", _BASE, "Quốc tịch", "Nationality.", code_list="country"),
        _field("phone", "text", _BASE, "Điện thoại", "Telephone."),
        _field("merged_numbers", "list", _BOOK, "Các số sổ đã gộp",
               "Numbers of books that were merged into this one."),
        _field("death_date", "date", _BASE, "Ngày chết", "Day of death, if the register knows it."),
        _field("is_alive", "boolean", _BASE, "Còn sống",
               "Whether no death before the day asked for is known.",
               formats=("yes_no", "full"), sources=("death_date",)),
        _field("cards", "list", _CARD, "Thẻ bảo hiểm y tế",
               "Health cards in every form, with their days of validity, the newest first."),
        _field("household", "object", _GROUP, "Hộ tham gia bảo hiểm y tế",
               "Household cover on the day: number, members, position, its part of the premium."),
        _field("benefit_decisions", "list", _BASE, "Quyết định hưởng chế độ",
               "Benefit decisions: kind, days, amount, payer, account.", sensitivity="sensitive"),
    )
)  # fmt: skip

ELIGIBILITY_FIELDS = _by_name(
    (
        *_BEARER_FIELDS,
        _field("card_code", "text", _CARD, "Mã thẻ bảo hiểm y tế",
               "Card that the answer is about: the one asked for, else the one valid on the day.",
               formats=_BEARER),
        _field("is_valid", "boolean", _CARD, "Thẻ còn giá trị",
               "Whether the card is valid on the day asked for and its holder not dead.",
               formats=("full", "yes_no")),
        _field("benefit_level", "code", _LEVEL, "Mức hưởng",
               "Level of the day, computed from the object code; never read from the card.",
               code_list="health_insurance_benefit_level"),
        _field("benefit_percentage", "integer", _LEVEL, "Tỷ lệ hưởng",
               "Part of the costs that the fund pays, in percent, by the level of the day."),
        _field("payer", "text", _GROUP, "Nhóm đóng",
               "Who pays the premium: employee_and_employer, insurance_fund, state_budget, "
               "subsidised or household."),
        _field("object_code", "code", _GROUP, "Mã đối tượng",
               "Group of participants under which the card was issued.",
               code_list="health_insurance_object", sensitivity="sensitive"),
        _field("initial_facility", "object", _CARD, "Nơi đăng ký khám chữa bệnh ban đầu",
               "Facility of first registration: code of five digits, and name if registered."),
        _field("valid_from", "date", _CARD, "Giá trị từ ngày", "First day of the card."),
        _field("valid_to", "date", _CARD, "Giá trị đến ngày",
               "First day on which the card is no longer valid; null without limit."),
        _field("five_years_on", "date", _LEVEL, "Thời điểm đủ 05 năm liên tục",
               "Day on which five consecutive years of cover are, or will be, complete."),
        _field("has_five_years", "boolean", _LEVEL, "Đủ 05 năm liên tục",
               "Whether five consecutive years are complete on the day asked for.",
               formats=("full", "yes_no"), sources=("five_years_on",)),
    )
)  # fmt: skip

CONTRIBUTION_FIELDS = _by_name(
    (
        *_BEARER_FIELDS,
        _field("spells", "list", _BOOK, "Quá trình tham gia",
               "Spells of participation: scheme, object code, unit, days, salary, rate, job."),
        _field("contributions", "list", _BOOK, "Quá trình đóng",
               "Whole months paid at one salary: scheme, unit, first month, end, salary."),
        _field("months", "object", _BOOK, "Số tháng đã đóng", "Months paid, by scheme.",
               sources=("contributions",)),
        _field("gaps", "list", _BOOK, "Thời gian gián đoạn",
               "Days between spells of a scheme without participation.", sources=("spells",)),
        _field("pension_months", "integer", _PENSION, "Số tháng tính hưởng lương hưu",
               "Months that count towards a pension on the day asked for.",
               sources=("contributions",)),
        _field("pension_months_needed", "integer", _PENSION, "Số tháng cần để hưởng lương hưu",
               "Months that the law of the day asks for; null for days before the law."),
        _field("has_pension_months", "boolean", _PENSION, "Đủ thời gian đóng",
               "Whether the months suffice by the law of the day; the age is another condition.",
               formats=("yes_no", "full"), sources=("contributions",)),
    )
)  # fmt: skip

FACILITY_FIELDS = _by_name(
    (
        _field("facility_code", "text", _CARD, "Mã cơ sở khám chữa bệnh", "Five digits."),
        _field("facility_name", "text", _CARD, "Tên cơ sở khám chữa bệnh", "Name."),
        _field("address", "address", _CARD, "Địa chỉ", "Place of the facility."),
    )
)

EMPLOYER_FIELDS = _by_name(
    (
        _field("unit_code", "text", _BASE, "Mã đơn vị", "Code given by the insurance office."),
        _field("enterprise_code", "text", _BASE, "Mã số doanh nghiệp",
               "Enterprise or tax code, ten digits; null for bodies that are no enterprise."),
        _field("employer_name", "text", _BASE, "Tên đơn vị", "Name of the employer."),
        _field("address", "address", _BASE, "Địa chỉ", "Place of the employer."),
    )
)  # fmt: skip
