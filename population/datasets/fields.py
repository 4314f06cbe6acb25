"""The fields of the dataset `citizen`: items of the Law on Identity and what follows from them.

Items: Law on Identity 26/2023/QH15, art. 9. Sensitivity: Decree 356/2025/NĐ-CP, arts 3-4;
that the blood group belongs to the state of health is our reading.
"""

from collections.abc import Mapping

from databases.datasets import Field, FieldType, Format, Sensitivity

_ITEM = "Law on Identity 26/2023/QH15, art. 9, item {}"


def _field(
    name: str,
    kind: FieldType,
    item: int,
    title_vi: str,
    description: str,
    *,
    formats: tuple[Format, ...] = ("full",),
    sensitivity: Sensitivity = "basic",
    sources: tuple[str, ...] = (),
    code_list: str | None = None,
) -> Field:
    law_item = _ITEM.format(item)
    return Field(
        name,
        kind,
        sensitivity,
        sources,
        formats,
        code_list,
        law_item,
        title_vi,
        description,
    )


_FIELDS = (
    _field(
        "pin",
        "text",
        3,
        "Số định danh cá nhân",
        "The personal identification number that the person bears now.",
        formats=("full", "pairwise_pseudonym"),
    ),
    _field(
        "birth_full_name",
        "object",
        1,
        "Họ, chữ đệm và tên khai sinh",
        "Name of birth in full and in its parts.",
        formats=("full", "initials"),
    ),
    _field(
        "full_name",
        "text",
        1,
        "Họ và tên đầy đủ",
        "Name of birth in one text.",
        formats=("full", "initials"),
        sources=("birth_full_name",),
    ),
    _field(
        "other_name",
        "text",
        2,
        "Tên gọi khác",
        "Another name the person goes by.",
        formats=("full", "initials"),
    ),
    _field(
        "date_of_birth",
        "partial_date",
        4,
        "Ngày, tháng, năm sinh",
        "Date of birth, to the day, month or year as it is known.",
        formats=("full", "year_only"),
    ),
    _field(
        "age",
        "integer",
        4,
        "Tuổi",
        "Whole years that are certainly completed on the day asked for.",
        sources=("date_of_birth",),
    ),
    _field(
        "is_adult",
        "boolean",
        4,
        "Đủ 18 tuổi",
        "Whether 18 years are completed; null where the date leaves it open.",
        formats=("yes_no", "full"),
        sources=("date_of_birth",),
    ),
    _field("sex", "code", 5, "Giới tính", "Sex as registered.", code_list="sex"),
    _field("place_of_birth", "address", 6, "Nơi sinh", "Place of birth."),
    _field(
        "birth_registration_place",
        "address",
        7,
        "Nơi đăng ký khai sinh",
        "Place where the birth was registered.",
    ),
    _field("native_place", "address", 8, "Quê quán", "Native place."),
    _field(
        "ethnicity",
        "code",
        9,
        "Dân tộc",
        "Ethnic group.",
        sensitivity="sensitive",
        code_list="ethnic_group",
    ),
    _field(
        "religion",
        "code",
        10,
        "Tôn giáo",
        "Religion.",
        sensitivity="sensitive",
        code_list="religion",
    ),
    _field(
        "nationality",
        "list",
        11,
        "Quốc tịch",
        "Nationalities, in the order declared.",
        code_list="country",
    ),
    _field(
        "blood_group",
        "code",
        12,
        "Nhóm máu",
        "Blood group.",
        sensitivity="sensitive",
        code_list="blood_group",
    ),
    _field(
        "old_id_9",
        "text",
        13,
        "Số chứng minh nhân dân 9 số",
        "Number of the nine-digit card; not unique.",
        formats=("full", "yes_no", "pairwise_pseudonym"),
    ),
    _field(
        "id_card",
        "object",
        14,
        "Ngày cấp, nơi cấp, thời hạn của thẻ",
        "Kind, day and authority of issue and expiry of the newest card.",
        formats=("full", "yes_no"),
    ),
    _field(
        "relations",
        "list",
        15,
        "Cha, mẹ, vợ, chồng, con, người đại diện hợp pháp, người được đại diện",
        "Relatives and representatives with name, number, old card and nationality.",
        formats=("full", "yes_no"),
    ),
    _field(
        "permanent_residence",
        "address",
        16,
        "Nơi thường trú",
        "Place of permanent residence.",
        formats=("full", "yes_no"),
    ),
    _field(
        "temporary_residence",
        "address",
        17,
        "Nơi tạm trú",
        "Place of temporary residence.",
        formats=("full", "yes_no"),
    ),
    _field(
        "current_residence",
        "address",
        18,
        "Nơi ở hiện tại",
        "Place where the person really lives.",
        formats=("full", "yes_no"),
    ),
    _field(
        "temporary_absence_status",
        "text",
        19,
        "Tình trạng khai báo tạm vắng",
        "Whether a temporary absence is declared.",
    ),
    _field("residence_file_no", "text", 20, "Số hồ sơ cư trú", "Number of the residence file."),
    _field(
        "marital_status",
        "code",
        21,
        "Tình trạng hôn nhân",
        "Marital status in the codes of QCVN 109.",
        code_list="marital_status",
    ),
    _field(
        "relation_to_head",
        "code",
        22,
        "Mối quan hệ với chủ hộ",
        "What the person is to the head of the household.",
        code_list="relation_to_head",
    ),
    _field(
        "household",
        "object",
        23,
        "Chủ hộ và các thành viên hộ gia đình",
        "Head and members of the household with name, number and old card.",
    ),
    _field(
        "death_or_missing_date",
        "object",
        24,
        "Ngày chết hoặc mất tích",
        "Date of death or from which the person is missing, and which of the two.",
        formats=("full", "yes_no"),
    ),
    _field(
        "is_alive",
        "boolean",
        24,
        "Còn sống",
        "Whether no death is registered; null for the missing.",
        formats=("yes_no", "full"),
        sources=("death_or_missing_date",),
    ),
    _field(
        "mobile_no",
        "text",
        25,
        "Số thuê bao di động",
        "Mobile subscriber number.",
        formats=("full", "yes_no"),
    ),
    _field(
        "email", "text", 25, "Địa chỉ thư điện tử", "E-mail address.", formats=("full", "yes_no")
    ),
    _field(
        "other",
        "object",
        26,
        "Thông tin khác theo quy định của Chính phủ",
        "Further items set by the Government.",
    ),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _FIELDS}
