"""Names by group, region, sex and generation."""

from collections import Counter

import numpy as np

from sample_country import draws, names

COUNT = 20_000


def drawn(ethnicity: int, sex: int, year: int, region: int = 0) -> names.Names:
    rng = np.random.default_rng(1)
    group, kind = np.full(COUNT, ethnicity), np.full(COUNT, sex)
    family = names.draw_families(rng, ethnicity=group, region=np.full(COUNT, region), sex=kind)
    return names.complete(rng, family, ethnicity=group, sex=kind, birth_year=np.full(COUNT, year))


class TestLists:
    def test_hold_enough_given_names_of_both_sexes(self) -> None:
        rows = draws.read_rows("given_names.csv")
        count = Counter(row["sex"] for row in rows)

        assert min(count["male"], count["female"]) >= 120

    def test_name_nobody_twice(self) -> None:
        for name, column in (("given_names.csv", "given"), ("middle_names.csv", "middle")):
            keys = [(row[column], row["sex"]) for row in draws.read_rows(name)]

            assert len(keys) == len(set(keys)), name


class TestDrawFamilies:
    def test_follow_the_published_shares(self) -> None:
        family = Counter(drawn(1, 0, 1980, region=1).family.tolist())

        assert 0.28 < family["Nguyễn"] / COUNT < 0.42
        assert family.most_common(2)[1][0] in ("Trần", "Lê")

    def test_tilt_by_region(self) -> None:
        north, south = (Counter(drawn(1, 0, 1980, region=r).family.tolist()) for r in (0, 2))

        assert south["Huỳnh"] > 20 * max(north["Huỳnh"], 1)
        assert north["Hoàng"] > 5 * south["Hoàng"]
        assert north["Vũ"] > 5 * south["Vũ"]
        assert south["Võ"] > 5 * north["Võ"]

    def test_double_family_names_are_rare(self) -> None:
        double = sum(" " in name for name in drawn(1, 0, 1980, region=1).family)

        assert 0 < double / COUNT < 0.02


class TestComplete:
    def test_van_and_thi_fall_among_the_young(self) -> None:
        for sex, word in ((0, "Văn"), (1, "Thị")):
            older, younger = (
                sum(str(m).startswith(word) for m in drawn(1, sex, year).middle)
                for year in (1955, 2010)
            )

            assert older > 2 * younger, word
            assert younger > 0

    def test_writes_the_clan_last_for_the_e_de(self) -> None:
        sample = drawn(12, 1, 1990)

        assert all(full.startswith("H'") for full in sample.full)
        assert all(f.endswith(n) for f, n in zip(sample.full, sample.family, strict=True))
        assert "H' " not in " ".join(sample.full)

    def test_the_family_word_goes_by_sex_for_the_xtieng(self) -> None:
        assert set(drawn(22, 0, 1990).family.tolist()) == {"Điểu"}
        assert set(drawn(22, 1, 1990).family.tolist()) == {"Thị"}

    def test_a_group_without_names_of_its_own_bears_kinh_names(self) -> None:
        assert drawn(40, 0, 1990).family[0] in set(names.kinh_pattern().families[0][0])
