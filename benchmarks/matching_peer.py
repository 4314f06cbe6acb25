"""Splink 5 on DuckDB, set up as its guide advises for persons: the peer of record matching."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

THRESHOLD = 0.5

_PREPARED = """
CREATE TABLE people AS
WITH read AS (
  SELECT record_id AS unique_id, person, sex,
    lower(replace(replace(strip_accents(full_name), 'đ', 'd'), 'Đ', 'D')) AS name,
    CASE WHEN length(birth_date) = 10 THEN
      substr(birth_date, 7, 4) || '-' || substr(birth_date, 4, 2) || '-' || substr(birth_date, 1, 2)
    END AS born,
    right(birth_date, 4) AS born_year,
    nullif(telephone, '') AS telephone, nullif(personal_number, '') AS personal_number,
    lower(replace(replace(strip_accents(address), 'đ', 'd'), 'Đ', 'D')) AS address
  FROM read_parquet('{path}'))
SELECT *, split_part(name, ' ', 1) AS family, split_part(name, ' ', -1) AS given,
  nullif(trim(split_part(address, ',', 1)), '') AS commune,
  nullif(trim(split_part(address, ',', -1)), '') AS province
FROM read
"""


def match(path: Path, fields: Sequence[str]) -> dict[str, Any]:
    """Match a file, and give the figures that `benchmarks.matching` prints."""
    import logging

    import duckdb
    from splink import DuckDBAPI, Linker, block_on

    logging.disable(logging.CRITICAL)
    settings = _settings(fields)
    start = time.perf_counter()
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(_PREPARED.format(path=path))
    linker = Linker(DuckDBAPI(connection).register("people"), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("name", "born")], recall=0.8)
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("name", "born_year"))
    training.estimate_parameters_using_expectation_maximisation(block_on("born", "family"))
    scored = linker.inference.predict(threshold_match_probability=0.01)
    linker.clustering.cluster_pairwise_predictions_at_threshold(
        scored, threshold_match_probability=THRESHOLD
    )
    took = time.perf_counter() - start
    return {"seconds": took, **_judge(connection, scored.physical_name)}


def _settings(fields: Sequence[str]) -> Any:
    import splink.comparison_library as comparisons
    from splink import SettingsCreator, block_on

    born: list[Any] = [
        {"sql_condition": "born_year_l IS NULL OR born_year_r IS NULL", "is_null_level": True},
        {"sql_condition": "born_l = born_r"},
        {"sql_condition": "levenshtein(born_l, born_r) <= 2"},
        {"sql_condition": "born_year_l = born_year_r"},
        {"sql_condition": "ELSE"},
    ]
    wanted: list[Any] = [
        comparisons.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(
            term_frequency_adjustments=True
        ),
        comparisons.CustomComparison(output_column_name="born", comparison_levels=born),
        comparisons.ExactMatch("sex"),
        comparisons.JaroWinklerAtThresholds("commune", [0.9]).configure(
            term_frequency_adjustments=True
        ),
        comparisons.ExactMatch("province").configure(term_frequency_adjustments=True),
    ]
    rules: list[tuple[str, ...]] = [
        ("name", "born_year"),
        ("born", "given"),
        ("born", "family"),
        ("name", "commune"),
    ]
    if "personal_number" in fields:
        wanted.append(comparisons.LevenshteinAtThresholds("personal_number", [2]))
        wanted.append(comparisons.ExactMatch("telephone"))
        rules += [("personal_number",), ("telephone",)]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=wanted,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
    )


def _judge(connection: Any, scored: str) -> dict[str, Any]:
    rows = connection.execute(
        f"SELECT m.match_probability, a.person = b.person FROM {scored} m"  # noqa: S608 - a name of Splink's own
        " JOIN people a ON a.unique_id = m.unique_id_l JOIN people b ON b.unique_id = m.unique_id_r"
    ).fetchnumpy()
    probability, right = (np.asarray(column) for column in rows.values())
    true = connection.execute(
        "SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) n FROM people GROUP BY person)"
    ).fetchall()[0][0]
    found = probability >= THRESHOLD
    hits = int(right[found].sum())
    order = np.argsort(-probability)
    f1 = 2 * np.cumsum(right[order]) / (np.arange(1, len(order) + 1) + float(true))
    ranked = probability[order]
    f1[:-1][ranked[:-1] == ranked[1:]] = 0.0  # no threshold parts equal probabilities
    return {
        "f1": 2 * hits / (int(found.sum()) + float(true)),
        "precision": hits / max(1, int(found.sum())),
        "recall": hits / float(true),
        "best": float(f1.max()),
        "pairs": len(probability),
    }
