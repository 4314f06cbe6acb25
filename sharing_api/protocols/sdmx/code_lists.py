"""The codes of each component: the country's lists, and those of the standard as far as used."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from databases.code_lists.catalogue import Catalogue
from sharing_api.protocols.sdmx.structures import Item

TOTAL, UNKNOWN = Item("_T", "Total", "Tổng số"), Item("_U", "Unknown", "Không rõ")

# List and version → mark of its codes: the same number means another unit in each.
_AREAS: Final = (
    ("province", "19/2025", "2025"),
    ("province", "124/2004", "2004"),
    ("commune", "19/2025", "2025"),
)
_OPEN_AGE: Final = 85
_FIVE_YEARS: Final = tuple((low, low + 4) for low in range(0, _OPEN_AGE, 5))
_BANDS: Final = (*_FIVE_YEARS, (0, 14), (15, 64))
_OPEN_BANDS: Final = (60, 65, _OPEN_AGE)


def codes_of(field: str, lists: Catalogue) -> Iterator[Item]:
    """Give the codes of a coded field, in the order in which they are published."""
    if field == "ref_area":
        yield Item("VN", "Viet Nam", "Việt Nam")
        for name, version, mark in _AREAS:
            for code in lists.list_codes(name, version):
                yield Item(f"{mark}-{code.code}", "", code.name)
    elif field == "ethnicity":
        yield from (TOTAL, UNKNOWN)
        for code in lists.list_codes("ethnic_group"):
            yield Item(code.code, "", code.name)
    elif field == "age":
        yield from _ages()
    else:
        yield from _OWN_CODES[field]


def _ages() -> Iterator[Item]:
    yield from (TOTAL, UNKNOWN)
    for year in range(_OPEN_AGE):
        yield Item(f"Y{year}", f"{year} years", f"{year} tuổi")
    for low, high in _BANDS:
        yield Item(f"Y{low}T{high}", f"{low} to {high} years", f"{low}-{high} tuổi")
    for low in _OPEN_BANDS:
        yield Item(f"Y_GE{low}", f"{low} years and over", f"{low} tuổi trở lên")


# Source: SDMX cross-domain code lists (CL_FREQ 2.1, CL_SEX 2.1, CL_CIVIL_STATUS 1.0,
# CL_OBS_STATUS 2.2, CL_CONF_STATUS 1.3), as far as they are used; indicators and units are the
# register's own, after Decree 94/2022/NĐ-CP.
_OWN_CODES: Mapping[str, tuple[Item, ...]] = MappingProxyType(
    {
        "freq": (Item("A", "Annual", "Năm"),),
        "indicator": (
            Item("POP", "Population", "Dân số"),
            Item("BIRTHS", "Births of the year", "Số trẻ sinh trong năm"),
            Item("DEATHS", "Deaths of the year", "Số người chết trong năm"),
            Item("MARRIED_IN_YEAR", "Persons who married in the year", "Số người kết hôn"),
            Item("SEX_RATIO", "Sex ratio", "Tỷ số giới tính"),
            Item("SEX_RATIO_AT_BIRTH", "Sex ratio at birth", "Tỷ số giới tính khi sinh"),
            Item("CRUDE_BIRTH_RATE", "Crude birth rate", "Tỷ suất sinh thô"),
            Item("CRUDE_DEATH_RATE", "Crude death rate", "Tỷ suất chết thô"),
            Item("NATURAL_INCREASE_RATE", "Rate of natural increase", "Tỷ lệ tăng tự nhiên"),
            Item("POPULATION_GROWTH_RATE", "Population growth rate", "Tỷ lệ tăng dân số"),
            Item("TOTAL_FERTILITY_RATE", "Total fertility rate", "Tổng tỷ suất sinh"),
            Item(
                "AGE_SPECIFIC_FERTILITY_RATE",
                "Age-specific fertility rate",
                "Tỷ suất sinh đặc trưng theo tuổi",
            ),
            Item("DEPENDENCY_RATIO", "Dependency ratio", "Tỷ số phụ thuộc"),
            Item("CHILD_DEPENDENCY_RATIO", "Child dependency ratio", "Tỷ số phụ thuộc trẻ em"),
            Item(
                "OLD_AGE_DEPENDENCY_RATIO",
                "Old-age dependency ratio",
                "Tỷ số phụ thuộc người già",
            ),
            Item("AGEING_INDEX", "Ageing index", "Chỉ số già hóa"),
            Item("URBAN_SHARE", "Share of the urban population", "Tỷ lệ dân số thành thị"),
            Item(
                "MEAN_AGE_AT_FIRST_MARRIAGE_M",
                "Mean age of men at first marriage",
                "Tuổi kết hôn trung bình lần đầu của nam",
            ),
            Item(
                "MEAN_AGE_AT_FIRST_MARRIAGE_F",
                "Mean age of women at first marriage",
                "Tuổi kết hôn trung bình lần đầu của nữ",
            ),
        ),
        "sex": (TOTAL, UNKNOWN, Item("M", "Male", "Nam"), Item("F", "Female", "Nữ")),
        "urbanisation": (
            TOTAL,
            UNKNOWN,
            Item("U", "Urban", "Thành thị"),
            Item("R", "Rural", "Nông thôn"),
        ),
        "marital_status": (
            TOTAL,
            UNKNOWN,
            Item("S", "Single", "Chưa kết hôn"),
            Item("M", "Married", "Đã kết hôn"),
            Item("W", "Widowed", "Góa"),
            Item("D", "Divorced", "Ly hôn"),
        ),
        "unit_measure": (
            Item("PS", "Persons", "Người"),
            Item("PT", "Per cent", "Phần trăm"),
            Item("PM", "Per mille", "Phần nghìn"),
            Item("YR", "Years", "Năm"),
            Item("MALES_PER_100_FEMALES", "Males per 100 females", "Số nam trên 100 nữ"),
            Item("BOYS_PER_100_GIRLS", "Boys per 100 girls born", "Số bé trai trên 100 bé gái"),
            Item("CHILDREN_PER_WOMAN", "Children per woman", "Số con trên một phụ nữ"),
        ),
        "obs_status": (
            Item("A", "Normal value", "Bình thường"),
            Item("B", "Time series break", "Gián đoạn chuỗi thời gian"),
            Item("M", "Missing value; undefined", "Không xác định"),
            Item("Q", "Suppressed value", "Không công bố để giữ bí mật"),
        ),
        "conf_status": (
            Item("F", "Free", "Tự do"),
            Item("N", "Not for publication", "Không được công bố"),
        ),
    }
)
