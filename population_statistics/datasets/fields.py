"""The fields of the dataset `observation`: one published figure, or the place of a suppressed one.

Dimensions and attributes bear the names of SDMX concepts in lower case; codes of sex, age, marital
status, observation status and confidentiality are those of the SDMX cross-domain code lists.
"""

from collections.abc import Mapping

from databases.datasets import Field, FieldType

# In the order of a series key, FREQ.REF_AREA.INDICATOR.SEX.AGE.URBANISATION
# .MARITAL_STATUS.ETHNICITY:
DIMENSIONS = (
    "freq",
    "ref_area",
    "indicator",
    "sex",
    "age",
    "urbanisation",
    "marital_status",
    "ethnicity",
)
TIME_DIMENSION = "time_period"
MEASURE = "obs_value"
ATTRIBUTES = (
    "unit_measure",
    "unit_mult",
    "decimals",
    "obs_status",
    "conf_status",
    "area_version",
    "reference_day",
    "rule_version",
    "population_change",
    "vintage",
    "source_receipt",
)
_LAW = "Law on Statistics 89/2015/QH13 as amended in 2021; Decree 94/2022/NĐ-CP"


def _field(name: str, kind: FieldType, title_vi: str, description: str) -> Field:
    return Field(name, kind, "basic", (), ("full",), None, _LAW, title_vi, description)


_FIELDS = (
    _field(
        "observation_key",
        "text",
        "Khóa quan sát",
        "Flow, series key and period, parted by slashes: POPULATION/A.VN.…/2026.",
    ),
    _field("flow", "text", "Luồng dữ liệu", "Dataflow: POPULATION or POPULATION_INDICATORS."),
    _field("freq", "text", "Tần suất", "Frequency: A, once a year."),
    _field(
        "ref_area",
        "text",
        "Khu vực",
        "VN, or the year of the list and the code: 2025-01, 2004-01, 2025-00004.",
    ),
    _field("indicator", "text", "Chỉ tiêu", "What is counted or computed."),
    _field("sex", "text", "Giới tính", "M, F or _T."),
    _field("age", "text", "Độ tuổi", "Y0, Y0T4, Y_GE85 … or _T."),
    _field("urbanisation", "text", "Thành thị, nông thôn", "U, R or _T."),
    _field("marital_status", "text", "Tình trạng hôn nhân", "S, M, W, D, _U or _T."),
    _field("ethnicity", "text", "Dân tộc", "Code of the ethnic group, _U or _T."),
    _field("time_period", "text", "Kỳ", "Year: that of the day counted on, or that was looked at."),
    _field(
        "obs_value",
        "text",
        "Giá trị",
        "The figure as a decimal number; null where it is suppressed or undefined.",
    ),
    _field("unit_measure", "text", "Đơn vị tính", "PS persons, PT per cent, PM per mille …"),
    _field("unit_mult", "integer", "Lũy thừa của 10", "Always 0: figures are not scaled."),
    _field("decimals", "integer", "Số chữ số thập phân", "Digits after the point."),
    _field(
        "obs_status",
        "text",
        "Trạng thái quan sát",
        "A normal, B series breaks here, Q suppressed, M undefined.",
    ),
    _field(
        "conf_status",
        "text",
        "Trạng thái bảo mật",
        "F free, N not for publication; small and complementary cells are not told apart.",
    ),
    _field(
        "area_version",
        "text",
        "Phiên bản danh mục đơn vị hành chính",
        "Version of the list of areas, also the vintage of the urban rule: 124/2004 or 19/2025.",
    ),
    _field("reference_day", "date", "Thời điểm", "Day on which the population was counted."),
    _field("rule_version", "text", "Phiên bản quy tắc", "Version of the rules of computation."),
    _field(
        "population_change",
        "integer",
        "Số thay đổi của cơ sở dữ liệu dân cư",
        "Last change of the population register that the figure knows of.",
    ),
    _field("vintage", "integer", "Lần công bố", "1 for the first publication of the period."),
    _field(
        "source_receipt",
        "text",
        "Biên nhận nguồn",
        "Entry of the access log under which the counts were got.",
    ),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _FIELDS}
