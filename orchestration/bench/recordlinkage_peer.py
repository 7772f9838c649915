"""The package recordlinkage on the same mentions: blocking, comparing, its unsupervised classifier, connected pairs.

Run by itself in an environment of its own (`MENTIONS LINKS` as arguments): the package needs pandas 2, the project
pandas 3, so nothing of the project is imported here and the package is no dependency.
"""

import importlib
import json
import sys
import time

import pandas as pd

PACKAGE = "recordlinkage"
_ACCEPT = 0.95


def main(mentions: str, links: str) -> None:
    """Read mentions (Parquet), write links (mention_key, person_key), tell the seconds of indexing to clustering."""
    recordlinkage = importlib.import_module(PACKAGE)
    frame = pd.read_parquet(
        mentions, columns=["mention_key", "name", "id_raw", "sex", "birth_date", "village_code", "phone"]
    )
    frame = frame.set_index("mention_key").astype({"birth_date": "string"})
    frame["id_raw"] = frame["id_raw"].where(frame["id_raw"].str.len() >= 15)
    start = time.perf_counter()
    indexer = recordlinkage.Index()
    for rule in (
        ["id_raw"],
        ["name", "birth_date"],
        ["name", "village_code"],
        ["birth_date", "village_code"],
    ):
        indexer.block(rule)
    pairs = indexer.index(frame)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="damerau_levenshtein", threshold=0.6, label="name")
    compare.string("id_raw", "id_raw", method="damerau_levenshtein", threshold=0.9, label="id")
    for column in ("birth_date", "village_code", "sex", "phone"):
        compare.exact(column, column, label=column)
    features = compare.compute(pairs, frame)
    classifier = recordlinkage.ECMClassifier(binarize=0.5)
    classifier.fit(features)
    likely = classifier.prob(features)
    accepted = likely[likely >= _ACCEPT].index
    persons = _clusters(frame.index, accepted)
    seconds = time.perf_counter() - start
    persons.to_parquet(links, index=False)
    print(json.dumps({"seconds": seconds, "found": {"pairs": len(pairs)}}))  # noqa: T201 the caller reads this line


def _clusters(mentions: pd.Index, pairs: pd.MultiIndex) -> pd.DataFrame:
    """Connected mentions are one person."""
    sparse = importlib.import_module("scipy.sparse")
    graph = importlib.import_module("scipy.sparse.csgraph")
    left = mentions.get_indexer(pairs.get_level_values(0))
    right = mentions.get_indexer(pairs.get_level_values(1))
    edges = sparse.coo_matrix(([1] * len(left), (left, right)), shape=(len(mentions), len(mentions)))
    _, labels = graph.connected_components(edges, directed=False)
    return pd.DataFrame({"mention_key": mentions, "person_key": labels.astype(str)})


if __name__ == "__main__":
    main(*sys.argv[1:])
