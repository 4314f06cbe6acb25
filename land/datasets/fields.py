"""The fields that the register publishes, with their titles in the words of the law."""

from collections.abc import Iterable, Mapping

from databases.datasets import Field, FieldType, Format

_LAW = "Law on Land 31/2024/QH15 art. {}"
_MAP = _LAW.format("50 (cadastral maps; clause not verified)")
_DATA = "Decree 101/2024/NĐ-CP (contents of the land database; clause not verified)"
_REGISTER = _LAW.format("131-133")
_PROOF = _LAW.format("134-135")
_USE = "Circular 08/2024/TT-BTNMT annex II"


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


PARCEL_FIELDS = _by_name((
    _field("parcel_id", "text", _DATA, "Khóa của thửa đất trong cơ sở dữ liệu",
           "The register's own name of the parcel; opaque."),
    _field("parcel_identifier", "text", _DATA, "Mã định danh thửa đất",
           "Twelve signs given by the national database; null where there are none."),
    _field("location", "address", _MAP, "Địa chỉ thửa đất", "Place of the parcel."),
    _field("old_commune", "code", _MAP, "Đơn vị hành chính cũ",
           "Commune that the map sheet was numbered in.", code_list="commune"),
    _field("map_sheet_no", "text", _MAP, "Số hiệu tờ bản đồ", "Number of the map sheet."),
    _field("parcel_no", "text", _MAP, "Số thứ tự thửa",
           "Number on the sheet; not unique in real data."),
    _field("is_parcel", "boolean", _MAP, "Là thửa đất",
           "False: it occupies land without being a parcel, such as a road."),
    _field("legal_area", "text", _PROOF, "Diện tích pháp lý",
           "Area that the certificate or decision states, square metres, as decimal text."),
    _field("measured_area", "text", _MAP, "Diện tích đo đạc",
           "Area of the survey, square metres, as decimal text."),
    _field("survey", "object", _MAP, "Tài liệu đo đạc",
           "EPSG code of the zone, accuracy in metres, day and document of the survey."),
    _field("shape", "object", _MAP, "Ranh giới thửa đất",
           "Members of a GeoJSON geometry as surveyed, metres, and the EPSG code of its zone."),
    _field("land_uses", "list", _USE, "Mục đích, nguồn gốc, thời hạn sử dụng",
           "Lines of land use by version of the list, with the words of the paper.",
           code_list="land_use"),
    _field("legal_spaces", "list", _PROOF, "Tài sản gắn liền với đất",
           "Houses, flats and works on the parcel, as spaces in law."),
    _field("restrictions", "list", _LAW.format("45"), "Hạn chế",
           "Disputes, attachments, planning, corridors and notices in force, each with its day."),
    _field("ancestors", "list", _LAW.format("220"), "Thửa đất gốc",
           "Parcels that this one came from, with kind and day."),
    _field("descendants", "list", _LAW.format("220"), "Thửa đất hình thành",
           "Parcels that came from this one, with kind and day."),
))  # fmt: skip

HOLDING_FIELDS = _by_name((
    _field("party_number", "text", _REGISTER, "Số định danh cá nhân hoặc mã số doanh nghiệp",
           "Who holds.", formats=("full", "pairwise_pseudonym")),
    _field("names", "list", _REGISTER, "Tên ghi trên giấy tờ",
           "Names under which papers write the holder."),
    _field("rights", "list", _REGISTER, "Quyền",
           "Each right with the share, the role, its parcel and its certificates."),
    _field("has_land", "boolean", _REGISTER, "Có quyền sử dụng đất",
           "Whether one of the rights is to use land.", sources=("rights",)),
    _field("mortgages", "list", "Decree 99/2022/NĐ-CP (registration of security)", "Thế chấp",
           "Mortgages on the rights, by rank."),
    _field("responsibilities", "list", _LAW.format("153 (clause not verified)"),
           "Nghĩa vụ tài chính", "What is owed for the rights."),
))  # fmt: skip

CERTIFICATE_FIELDS = _by_name((
    _field("issue_number", "text", _PROOF, "Số phát hành", "Issue number in its normal form."),
    _field("number_as_written", "text", _PROOF, "Số phát hành ghi trên giấy",
           "Issue number as the paper or file has it."),
    _field("register_number", "text", _PROOF, "Số vào sổ cấp", "Number in the register."),
    _field("qr_code", "text", "Circular 10/2024/TT-BTNMT (form with QR code)",
           "Mã Giấy chứng nhận", "Code under the QR code."),
    _field("issued_on", "date", _PROOF, "Ngày cấp", "Day of issue.",
           formats=("full", "year_only")),
    _field("issued_by", "text", _PROOF, "Cơ quan cấp", "Body that issued it."),
    _field("status", "text", _LAW.format("152"), "Tình trạng",
           "in_force, replaced or revoked."),
    _field("is_in_force", "boolean", _LAW.format("152"), "Còn hiệu lực",
           "Whether it still proves the rights.", sources=("status",)),
    _field("replaces", "list", _LAW.format("152"), "Cấp thay cho",
           "Number of the certificate that it was issued in place of."),
    _field("replaced_by", "list", _LAW.format("152"), "Được thay bởi",
           "Numbers of the certificates issued in its place."),
    _field("location", "address", _MAP, "Địa chỉ thửa đất", "Place of its first parcel.",
           sources=("parcels",)),
    _field("parcels", "list", _PROOF, "Thửa đất", "Parcels that its rights are over."),
    _field("holders", "list", _PROOF, "Người sử dụng đất, chủ sở hữu tài sản",
           "Who holds the rights that it certifies, each with the share."),
))  # fmt: skip
