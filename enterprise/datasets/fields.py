"""The fields that the register publishes, with their titles in the words of the registry."""

from collections.abc import Iterable, Mapping

from databases.datasets import Field, FieldType, Format

_LAW = "Law on Enterprises 59/2020/QH14 art. {}"
_CONTENT = _LAW.format("28")  # contents of the enterprise registration certificate
_FILE = "Decree 168/2025/NĐ-CP (contents of the registration file; clause not verified)"
_TAX = "Decree 168/2025/NĐ-CP (tax registration contents; clause not verified)"
_STATUS = "Decree 168/2025/NĐ-CP art. 35"
_BENEFICIAL = (
    "Law on Enterprises art. 4 cl. 35 (Law 76/2025/QH15); Decree 168/2025/NĐ-CP art. 17-18"
)


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
) -> Field:
    return Field(
        name=name,
        type=kind,
        sensitivity="basic",
        sources=sources,
        formats=formats,
        code_list=code_list,
        law_item=law_item,
        title_vi=title_vi,
        description=description,
    )


def _by_name(fields: Iterable[Field]) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


_IDENTITY = (
    _field("enterprise_code", "text", _CONTENT, "Mã số doanh nghiệp", "Ten digits; the tax code."),
    _field("name_vi", "text", _CONTENT, "Tên tiếng Việt", "Vietnamese name; not unique."),
    _field("name_foreign", "text", _FILE, "Tên nước ngoài", "Name in a foreign language."),
    _field("name_short", "text", _FILE, "Tên viết tắt", "Short name."),
    _field(
        "legal_type",
        "code",
        _FILE,
        "Loại hình doanh nghiệp",
        "Legal type.",
        code_list="enterprise_legal_type",
    ),
    _field(
        "legal_status",
        "code",
        _STATUS,
        "Tình trạng pháp lý",
        "Legal status on the day asked for, by the precedence of the decree.",
        code_list="enterprise_status",
    ),
    _field(
        "status_history",
        "list",
        _STATUS,
        "Lịch sử tình trạng pháp lý",
        "Facts that bear on the legal status, with the days from and to which each holds.",
        code_list="enterprise_status",
    ),
    _field("registered_on", "date", _CONTENT, "Ngày đăng ký lần đầu", "First certificate.",
           formats=("full", "year_only")),
    _field("registration_change_no", "integer", _CONTENT, "Lần đăng ký thay đổi",
           "Number of the last change of the registration; 0 for the first registration."),
)  # fmt: skip
_PLACE = (
    _field("head_office", "address", _CONTENT, "Địa chỉ trụ sở chính",
           "Head office as written and as far as it is resolved, with candidates if ambiguous."),
    _field("phone", "text", _FILE, "Điện thoại", "Telephone."),
    _field("email", "text", _FILE, "Thư điện tử", "E-mail address."),
    _field("website", "text", _FILE, "Trang thông tin điện tử", "Website."),
    _field("dependent_units", "list", _LAW.format("44-45"),
           "Chi nhánh, văn phòng đại diện, địa điểm kinh doanh", "Units with code, kind, place."),
)  # fmt: skip
_BUSINESS = (
    _field("industry_lines", "list", _FILE, "Ngành, nghề kinh doanh",
           "Lines of business by version of the classification, the principal one first.",
           code_list="vsic"),
    _field("principal_line", "code", _FILE, "Ngành, nghề kinh doanh chính",
           "Principal line of business.", sources=("industry_lines",), code_list="vsic"),
    _field("employees", "integer", _TAX, "Số lượng lao động dự kiến", "Expected employees."),
    _field("tax_office", "text", _TAX, "Cơ quan thuế quản lý", "Code of the tax office."),
    _field("tax_information", "object", _TAX, "Thông tin đăng ký thuế",
           "Chief accountant, fiscal year, start of accounting, VAT method and so on."),
)  # fmt: skip
_CAPITAL = (
    _field("charter_capital", "object", _CONTENT, "Vốn điều lệ",
           "Amount as decimal text, and currency."),
    _field("state_share", "text", _FILE, "Tỷ lệ vốn nhà nước",
           "Part of charter capital held by the State, 0 to 1, as decimal text."),
    _field("foreign_share", "text", _FILE, "Tỷ lệ vốn nước ngoài",
           "Part of charter capital held by foreign investors, 0 to 1, as decimal text."),
    _field("is_state_owned", "boolean", _LAW.format("88"), "Doanh nghiệp nhà nước",
           "Whether the State holds more than half of charter capital; null if not known.",
           sources=("state_share",)),
    _field("shares", "object", _FILE, "Cổ phần", "Par value, and classes of shares."),
)  # fmt: skip
_PEOPLE = (
    _field("legal_representatives", "list", _CONTENT, "Người đại diện theo pháp luật",
           "Individuals who represent the enterprise at law, with their title."),
    _field("owners", "list", _CONTENT, "Chủ sở hữu, thành viên, cổ đông",
           "Owner, members, partners, shareholders with their shares and contributions."),
    _field("controllers", "list", _BENEFICIAL, "Cá nhân có quyền chi phối",
           "Individuals who control by other means than capital or votes."),
    _field("beneficial_owners", "list", _BENEFICIAL, "Chủ sở hữu hưởng lợi",
           "Individuals with at least a quarter of capital or votes, directly or along chains, or "
           "with control by other means; null when registered shares exceed the whole.",
           sources=("owners", "controllers")),
)  # fmt: skip
_RELATED = (
    _field("predecessors", "list", _LAW.format("198-205"), "Doanh nghiệp trước khi tổ chức lại",
           "Enterprises that passed into this one, with kind and day."),
    _field("successors", "list", _LAW.format("198-205"), "Doanh nghiệp sau khi tổ chức lại",
           "Enterprises into which this one passed, with kind and day."),
)  # fmt: skip

ENTERPRISE_FIELDS = _by_name((*_IDENTITY, *_PLACE, *_BUSINESS, *_CAPITAL, *_PEOPLE, *_RELATED))

UNIT_FIELDS = _by_name(
    (
        _field("unit_code", "text", _LAW.format("45"), "Mã số đơn vị phụ thuộc", "13 digits."),
        _field("enterprise_code", "text", _CONTENT, "Mã số doanh nghiệp", "Enterprise it is of."),
        _field("kind", "text", _LAW.format("44"), "Loại đơn vị", "BRANCH or REP."),
        _field("name_vi", "text", _LAW.format("40"), "Tên đơn vị", "Vietnamese name."),
        _field("name_foreign", "text", _LAW.format("40"), "Tên nước ngoài", "Foreign name."),
        _field("address", "address", _LAW.format("45"), "Địa chỉ", "Place of the unit."),
        _field("phone", "text", _FILE, "Điện thoại", "Telephone."),
        _field("registered_on", "date", _LAW.format("45"), "Ngày đăng ký", "First certificate."),
    )
)
