"""The package recordlinkage on the same mentions: blocking, comparing, naive Bayes taught by equal numbers, connected pairs.

Run by itself in an environment of its own (`MENTIONS LINKS RESULT` as arguments): the package needs pandas 2, the project
pandas 3, so nothing of the project is imported here and the package is no dependency.
"""

import importlib
import json
import sys
import time
from pathlib import Path

import pandas as pd

PACKAGE = "recordlinkage"
_ACCEPT = 0.95
_BLOCKS = (
    ["id_raw"],
    ["key_no"],
    ["name", "birth_date"],
    ["name", "village_code"],
    ["birth_date", "village_code"],
)


def main(mentions: str, links: str, result: str) -> None:
    """Read mentions (Parquet), write links (mention_key, person_key) and, as JSON, the seconds of indexing to clustering."""
    recordlinkage = importlib.import_module(PACKAGE)
    frame = _frame(mentions)
    start = time.perf_counter()
    indexer = recordlinkage.Index()
    for rule in _BLOCKS:
        indexer.block(rule)
    pairs = indexer.index(frame)
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="damerau_levenshtein", threshold=0.6, label="name")
    for column in ("birth_date", "village_code", "sex", "phone", "key_no"):
        compare.exact(column, column, label=column)
    features = compare.compute(pairs, frame)
    left, right = (frame["id_raw"].reindex(pairs.get_level_values(side)).to_numpy() for side in (0, 1))
    both = pd.Series(left, pairs).notna() & pd.Series(right, pairs).notna()
    equal = both & pd.Series(left == right, pairs)
    classifier = recordlinkage.NaiveBayesClassifier(binarize=0.5)
    classifier.fit(features[both], pairs[equal])
    likely = classifier.prob(features)
    accepted = pairs[(equal & (features["name"] > 0)) | (~both & (likely >= _ACCEPT))]
    persons = _clusters(frame.index, accepted)
    seconds = time.perf_counter() - start
    persons.to_parquet(links, index=False)
    told = {"seconds": seconds, "peak_bytes": _peak_bytes(), "found": {"pairs": len(pairs)}}
    Path(result).write_text(json.dumps(told), encoding="utf-8")


def _frame(mentions: str) -> pd.DataFrame:
    """Mentions by key, with birth date and sex out of the number where the row does not say them."""
    columns = [
        "mention_key",
        "name",
        "id_raw",
        "id_number",
        "sex",
        "birth_date",
        "village_code",
        "phone",
        "key_no",
    ]
    frame = pd.read_parquet(mentions, columns=columns).set_index("mention_key")
    number = frame["id_number"]
    told = pd.to_datetime(number.str[6:14], format="%Y%m%d", errors="coerce").dt.strftime("%Y-%m-%d")
    odd = pd.to_numeric(number.str[16], errors="coerce") % 2 == 1
    frame["birth_date"] = frame["birth_date"].astype("string").str[:10].fillna(told)
    frame["sex"] = frame["sex"].fillna(odd.map({True: "男", False: "女"}).where(number.notna()))
    frame["id_raw"] = frame["id_raw"].where(frame["id_raw"].str.len() >= 15)
    return frame


def _clusters(mentions: pd.Index, pairs: pd.MultiIndex) -> pd.DataFrame:
    """Connected mentions are one person."""
    sparse = importlib.import_module("scipy.sparse")
    graph = importlib.import_module("scipy.sparse.csgraph")
    left = mentions.get_indexer(pairs.get_level_values(0))
    right = mentions.get_indexer(pairs.get_level_values(1))
    edges = sparse.coo_matrix(([1] * len(left), (left, right)), shape=(len(mentions), len(mentions)))
    _, labels = graph.connected_components(edges, directed=False)
    return pd.DataFrame({"mention_key": mentions, "person_key": labels.astype(str)})


def _peak_bytes() -> int:
    """Peak memory of this process (Linux); getrusage would tell that of the larger process which started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
