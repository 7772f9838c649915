"""Townships and villages of the county, the village kinds, and which village each household lives in.

Belongs here: places. People and policies do not.
"""

import numpy as np
import pandas as pd

from ingest.county.calibration import Targets, data_file
from ingest.county.draw import Bools, Ints, exact_shares, stream, texts

KIND_WEIGHT = {"脱贫村": 4.0, "乡村振兴重点帮扶村": 3.0, "一般村": 1.0}


def make_villages(targets: Targets, seed: int) -> pd.DataFrame:
    """Return one row per village: village_code, village_name, township_code, township_name, village_kind, weight.

    The first village of the second township bears the name of the first township's first village.
    """
    places, rng = data_file("places"), stream(seed, "villages")
    per_township = exact_shares(targets.villages, [2.0] + [1.0] * (targets.townships - 1))
    rows: list[dict[str, object]] = []
    for number, count in enumerate(per_township.tolist()):
        names = rng.permutation(places["village_names"])[:count].tolist()
        if number == 1 and rows[0]["village_name"] not in names:
            names[0] = rows[0]["village_name"]
        code = f"{places['county_code']}{100 + number}"
        rows += [
            {
                "village_code": f"{code}{200 + place}",
                "village_name": name,
                "township_code": f"{code}000",
                "township_name": places["townships"][number],
            }
            for place, name in enumerate(names, start=1)
        ]
    villages = pd.DataFrame(rows)
    kinds = texts(["一般村"] * len(villages))
    order = rng.permutation(len(villages))
    kinds[order[: targets.lifted_out_villages]] = "脱贫村"
    kinds[order[targets.lifted_out_villages :][: targets.key_villages]] = "乡村振兴重点帮扶村"
    villages["village_kind"] = kinds
    villages["weight"] = rng.lognormal(0.0, 0.4, len(villages))
    return villages


def settle(villages: pd.DataFrame, registered: Bools, seed: int) -> Ints:
    """Return the village (position) of each household; registered households live more often in lifted-out villages."""
    rng = stream(seed, "settle")
    weight = villages["weight"].to_numpy(dtype=float)
    poor = weight * villages["village_kind"].map(KIND_WEIGHT).to_numpy(dtype=float)
    home = np.empty(len(registered), dtype=np.int64)
    for mask, share in ((registered, poor), (~registered, weight)):
        home[mask] = rng.choice(len(villages), size=int(mask.sum()), p=share / share.sum())
    return home
