"""What registers publish for matching is what the model compares."""

import pytest

from databases.datasets import Dataset
from sharing_api.disclosure import catalogue
from sharing_api.matching import model

MATCHED = [one for one in catalogue.DATASETS.values() if one.matched]


class TestMatched:
    @pytest.mark.parametrize("dataset", MATCHED, ids=catalogue.name_of)
    def test_are_fields_of_the_model_and_of_the_dataset(self, dataset: Dataset) -> None:
        assert dataset.matched.keys() <= model.read_model().fields[dataset.subject].keys()
        assert set(dataset.matched.values()) <= dataset.fields.keys()

    def test_are_published_of_persons_and_of_enterprises(self) -> None:
        assert {one.subject for one in MATCHED} == {"person", "enterprise"}
