"""The fields that the register publishes, with their titles in the words of the treasury."""

from collections.abc import Mapping

from databases.datasets import Field, FieldType, Format, Sensitivity

_UNIT = "Circular 185/2015/TT-BTC (contents of the unit's registration; clause not verified)"
_NOMENCLATURE = "Circular 130/2025/TT-BTC; before it Circular 324/2016/TT-BTC"
_BUDGET = "State Budget Law 89/2025/QH15 (contents of reports; clause not verified)"
_TREASURY = "Circular 132/2025/TT-BTC (treasury accounting; clause not verified)"
_TAX = "Law on Tax Administration 38/2019/QH14 art. {}"
_CUSTOMS = "Law on Customs 54/2014/QH13 art. 24-25 (contents of a declaration)"
_ASSET = "Law on Management and Use of Public Property 15/2017/QH14; Decree 151/2017/NĐ-CP"


def _field(
    name: str,
    kind: FieldType,
    law_item: str,
    title_vi: str,
    description: str,
    *,
    formats: tuple[Format, ...] = ("full",),
    sensitivity: Sensitivity = "basic",
    sources: tuple[str, ...] = (),
    code_list: str | None = None,
) -> Field:
    return Field(
        name, kind, sensitivity, sources, formats, code_list, law_item, title_vi, description
    )


def _by_name(*fields: Field) -> Mapping[str, Field]:
    return {field.name: field for field in fields}


def _place(law_item: str) -> Field:
    return _field("place", "address", law_item, "Địa bàn", "Province and commune by codes.")


def _chapter(law_item: str) -> Field:
    return _field("chapter", "code", law_item, "Chương", "Chapter in the nomenclature of its year.",
                  code_list="budget_chapter")  # fmt: skip


UNIT_FIELDS = _by_name(
    _field("unit_code", "text", _UNIT, "Mã số ĐVQHNS", "Seven digits, for the unit's whole life."),
    _field("name_vi", "text", _UNIT, "Tên đơn vị", "Vietnamese name."),
    _field("kind", "text", _UNIT, "Loại hình đơn vị", "estimate_unit, project or other."),
    _field("level", "code", _NOMENCLATURE, "Cấp ngân sách", "Budget level.",
           code_list="budget_level"),
    _chapter(_NOMENCLATURE),
    _place(_UNIT),
    _field("parent_unit_code", "text", _UNIT, "Đơn vị cấp trên", "Unit above it."),
    _field("agency_code", "text", "Decision 20/2020/QĐ-TTg as amended by Decision 09/2025/QĐ-TTg",
           "Mã định danh điện tử", "Electronic identification code of the agency."),
    _field("tax_code", "text", _TAX.format("35"), "Mã số thuế", "Code of the unit as a taxpayer."),
    _field("opened_on", "date", _UNIT, "Ngày cấp mã", "First day of the unit."),
    _field("closed_on", "date", _UNIT, "Ngày đóng mã",
           "First day on which the unit exists no more; the code is kept."),
    _field("closing_reason", "text", _UNIT, "Lý do đóng mã", "Why it was closed."),
    _field("successor_unit_code", "text", _UNIT, "Đơn vị kế thừa", "Unit that took over."),
    _field("is_open", "boolean", _UNIT, "Đang hoạt động", "Whether the unit exists on the day.",
           sources=("closed_on",)),
)  # fmt: skip

BUDGET_FIELDS = _by_name(
    _field("budget_id", "text", _BUDGET, "Mã ngân sách đơn vị",
           "Unit code, hyphen, budget year."),
    _field("unit_code", "text", _UNIT, "Mã số ĐVQHNS", "Unit that spends."),
    _field("budget_year", "integer", _BUDGET, "Năm ngân sách", "Budget year."),
    _chapter(_NOMENCLATURE),
    _field("level", "code", _NOMENCLATURE, "Cấp ngân sách", "Budget level.",
           code_list="budget_level"),
    _place(_UNIT),
    _field("estimates", "list", _BUDGET, "Dự toán",
           "What was asked for, by category, item, programme and source; dong."),
    _field("allocations", "list", _BUDGET, "Dự toán được giao",
           "What was given, with the number of its revision and the decision; dong."),
    _field("execution", "list", _TREASURY, "Thực hiện",
           "Revenue and expenditure up to the day, by category, sub-item and source; dong."),
    _field("periods", "list", _TREASURY, "Kỳ kế toán",
           "Revenue and expenditure of each accounting period, and whether it is closed; dong."),
    _field("settlements", "list", _BUDGET, "Quyết toán", "What was confirmed as spent; dong."),
    _field("settled_on", "date", _BUDGET, "Ngày quyết toán",
           "Day of settlement; null while the budget is open."),
    _field("totals", "object", _BUDGET, "Tổng số",
           "Sums of estimates, allocations, revenue, expenditure and settlements; dong.",
           sources=("estimates", "allocations", "execution", "settlements")),
)  # fmt: skip

TAXPAYER_FIELDS = _by_name(
    _field("taxpayer_code", "text", _TAX.format("35"), "Mã số thuế",
           "Enterprise code, or personal number of an individual.",
           formats=("full", "pairwise_pseudonym")),
    _field("kind", "text", _TAX.format("30"), "Loại người nộp thuế",
           "organisation or individual."),
    _field("name", "text", _TAX.format("34"), "Tên người nộp thuế", "Name as registered.",
           formats=("full", "initials")),
    _field("former_codes", "list", "Circular 86/2024/TT-BTC", "Mã số thuế cũ",
           "Ten-digit personal codes that the personal number replaced."),
    _field("tax_office", "text", _TAX.format("34"), "Cơ quan thuế quản lý", "Code of the office."),
    _field("registered_on", "date", _TAX.format("34"), "Ngày đăng ký thuế",
           "Day of tax registration.", formats=("full", "year_only")),
    _field("duties", "list", _TAX.format("42-55"), "Nghĩa vụ thuế",
           "Duties by item and tax period: assessed, paid, last day; dong.",
           formats=("full", "yes_no"), sensitivity="sensitive"),
    _field("payments", "list", _TAX.format("56-58"), "Các khoản đã nộp", "Payments; dong.",
           formats=("full", "yes_no"), sensitivity="sensitive"),
    _field("arrears", "object", _TAX.format("59"), "Số tiền thuế nợ",
           "What is overdue on the day, without interest; dong.",
           formats=("full", "yes_no"), sensitivity="sensitive", sources=("duties",)),
    # A statement of its own, though computed: who may hear it need not see the duties.
    _field("has_arrears", "boolean", _TAX.format("70"), "Xác nhận nợ thuế",
           "Whether anything is overdue on the day: the confirmation of tax duties."),
)  # fmt: skip

DECLARATION_FIELDS = _by_name(
    _field("declaration_no", "text", _CUSTOMS, "Số tờ khai", "Number of the declaration."),
    _field("kind", "text", _CUSTOMS, "Loại tờ khai", "import or export."),
    _field("taxpayer_code", "text", _CUSTOMS, "Mã số người khai", "Importer or exporter.",
           formats=("full", "pairwise_pseudonym")),
    _field("customs_office", "text", _CUSTOMS, "Chi cục hải quan", "Code of the customs office."),
    _field("procedure_code", "text", _CUSTOMS, "Mã loại hình", "Customs procedure."),
    _field("declared_on", "date", _CUSTOMS, "Ngày đăng ký", "Day of declaration.",
           formats=("full", "year_only")),
    _field("cleared_on", "date", _CUSTOMS, "Ngày thông quan", "Day of clearance.",
           formats=("full", "year_only", "yes_no")),
    _field("partner_country", "code", _CUSTOMS, "Nước xuất xứ hoặc nước đến",
           "Origin of imports, destination of exports.", code_list="country"),
    _field("customs_value", "object", _CUSTOMS, "Trị giá hải quan", "Amount and currency."),
    _field("duties", "object", _CUSTOMS, "Tổng số thuế", "All duties of the declaration."),
)  # fmt: skip

ASSET_FIELDS = _by_name(
    _field("asset_code", "text", _ASSET, "Mã tài sản", "Code of the asset."),
    _field("kind", "text", _ASSET, "Loại tài sản", "land, building, vehicle or other."),
    _field("name_vi", "text", _ASSET, "Tên tài sản", "Vietnamese name."),
    _field("unit_code", "text", _ASSET, "Đơn vị quản lý", "Budget unit that holds it."),
    _place(_ASSET),
    _field("parcel_id", "text", _ASSET, "Mã thửa đất",
           "Parcel of the land register that it is or stands on."),
    _field("area_m2", "text", _ASSET, "Diện tích", "Square metres, as decimal text."),
    _field("original_value", "object", _ASSET, "Nguyên giá", "Value at acquisition."),
    _field("acquired_on", "date", _ASSET, "Ngày đưa vào sử dụng", "Day of acquisition."),
    _field("disposed_on", "date", _ASSET, "Ngày xử lý",
           "First day on which it is no public asset any more."),
)  # fmt: skip
