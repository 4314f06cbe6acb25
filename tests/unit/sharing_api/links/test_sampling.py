"""Labelled samples: answers are read, and what is wrong is named by its line."""

import pytest

from sharing_api.links import errors, sampling


class TestReadLabels:
    def test_reads_answers_and_leaves_out_lines_without(self) -> None:
        content = "\ufefflink,left_full_name,same\n7,An,1\n8,Bình,no\n9,Chi,\n".encode()

        assert sampling.read_labels(content) == {7: True, 8: False}

    @pytest.mark.parametrize(
        ("content", "place", "rule"),
        [
            (b"link,same\n7,perhaps\n", "line 2", "sample.answer"),
            (b"link,same\nseven,1\n", "line 2", "sample.link"),
            (b"link,same\n7,1\n7,0\n", "line 3", "sample.twice"),
            (b"link,same\n,1\n", "line 2", "sample.link"),
        ],
    )
    def test_names_the_line_that_cannot_be_read(
        self, content: bytes, place: str, rule: str
    ) -> None:
        with pytest.raises(errors.BadSample) as refused:
            sampling.read_labels(content)

        assert [(one.field, one.rule) for one in refused.value.fields] == [(place, rule)]

    @pytest.mark.parametrize(
        "content", [b"", b"link\n7\n", b"a,b\n1,2\n", b"link,same\n7,\n", b"link,same\n\xff,1\n"]
    )
    def test_refuses_what_is_no_labelled_sample(self, content: bytes) -> None:
        with pytest.raises(errors.BadSample):
            sampling.read_labels(content)
