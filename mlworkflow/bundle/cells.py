"""The cells of the exploratory notebook: each begins with its title; `DESIGN` is defined before the first."""

from __future__ import annotations

CELLS = r'''
# %% parameters
import os

DATA = os.environ.get("DATA", "")        # one CSV or Parquet file: a sample of the training rows
TARGET = os.environ.get("TARGET", DESIGN["target"])
TIME = os.environ.get("TIME", "")        # the column that says as of when a row stands; found by its type when empty
POSITIVE = os.environ.get("POSITIVE", "")  # the value of the target that counts; 1, true or yes when empty
SLICES = {name: None for name in DESIGN["slices"]}  # write a pandas query for each, such as "tenure_days < 90"
SEED = DESIGN["seed"]

# %% load
from pathlib import Path

try:
    import numpy as np
    import pandas as pd
except ImportError as missing:
    raise RuntimeError(f"This notebook needs pandas: pip install pandas ({missing}).") from None

if not DATA:
    raise RuntimeError("No data: set DATA to the path of a CSV or Parquet file and run the notebook from the top.")
if not Path(DATA).is_file():
    raise RuntimeError(f"No data: there is no file {DATA!r}; DATA must be the path of a CSV or Parquet file.")
rows = pd.read_parquet(DATA) if Path(DATA).suffix.lower() in (".parquet", ".pq") else pd.read_csv(DATA)
if rows.empty:
    raise RuntimeError(f"No data: {DATA!r} holds no row.")

FINDINGS = []


def note(check, found, wanted, bad):
    """Keep a finding: bad is True, False, or None where the data could not answer."""
    FINDINGS.append({"check": check, "found": str(found), "wanted": str(wanted),
                     "verdict": {True: "LOOK", False: "ok", None: "not examined"}[bad]})


def shown(table, most=60):
    print(table.head(most).to_string(index=False) if len(table) else "nothing to show")


print(f"{len(rows):,} rows, {rows.shape[1]} columns from {DATA}")

# %% columns and types
features = DESIGN["features"]
present = [one for one in features if one["name"] in rows.columns]
absent = [one["name"] for one in features if one["name"] not in rows.columns and one["use"] != "refused"]
refused = [one["name"] for one in present if one["use"] == "refused" and one["name"] not in DESIGN["keys"]]
known = {one["name"] for one in features} | {TARGET, TIME, *DESIGN["keys"]}
note("columns of the design", f"missing: {', '.join(absent)}" if absent else "all there", "every used feature", bool(absent))
note("refused columns", ", ".join(refused) or "none there", "not in the training rows", bool(refused))
note("columns nobody designed", ", ".join(str(one) for one in rows.columns if one not in known) or "none", "none, or a feature more", None)


def looks_like(column):
    """Which of the design's types a column could be."""
    if pd.api.types.is_bool_dtype(column):
        return "flag"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    return "timestamp" if pd.api.types.is_datetime64_any_dtype(column) else "text"


FITS = {"number": ("number", "flag"), "flag": ("flag", "number", "text"), "timestamp": ("timestamp", "text", "number")}
types = pd.DataFrame([
    {"feature": one["name"], "designed": one["type"], "found": looks_like(rows[one["name"]]),
     "distinct": rows[one["name"]].nunique(), "cardinality answered": one["cardinality"] or "not said"} for one in present
])
shown(types)
wrong = [one["name"] for one in present if looks_like(rows[one["name"]]) not in FITS.get(one["type"], ("text", "number", "flag", "timestamp"))]
note("types", f"other than designed: {', '.join(wrong)}" if wrong else "as designed", "as designed", bool(wrong) if present else None)
wide = [one["name"] for one in present if one["cardinality"] and rows[one["name"]].nunique() > 1.2 * one["cardinality"]]
note("cardinality", f"more values than answered: {', '.join(wide)}" if wide else "as answered", "as answered", bool(wide) if present else None)

# %% missing values
empty = rows.isna().mean()
shown(pd.DataFrame({"column": empty.index.astype(str), "missing": [f"{share:.2%}" for share in empty]}))
for one in present:
    if one["missing_allowed"] is not None:
        share = float(empty[one["name"]])
        note(f"missing values of {one['name']}", f"{share:.2%}", f"at most {one['missing_allowed']:.2%}, twice what its source answered", share > one["missing_allowed"])
unexplained = [one["name"] for one in present if empty[one["name"]] > 0 and not one["missing_means"]]
note("meaning of a missing value", f"not said for {', '.join(unexplained)}" if unexplained else "said, or nothing missing", "said for each", bool(unexplained) if present else None)

# %% target
label = None
if TARGET not in rows.columns:
    note("target", f"no column {TARGET!r}", "set TARGET to the column of the label", None)
elif DESIGN["binary"]:
    values = rows[TARGET].dropna().astype(str).str.strip().str.lower()
    positive = {POSITIVE.lower()} if POSITIVE else {"1", "1.0", "true", "yes", "y"}
    label = values.isin(positive).astype(int).reindex(rows.index)
    n, k = int(label.notna().sum()), int(label.sum())
    if values.nunique() > 2 or n == 0 or k in (0, n):
        note("target", f"{values.nunique()} values, {k} of {n} rows positive", "two values; set POSITIVE to the one that counts", None)
        label = None
    else:
        share, z = k / n, 1.96
        middle, half = (share + z * z / 2 / n) / (1 + z * z / n), z * np.sqrt(share * (1 - share) / n + z * z / 4 / n / n) / (1 + z * z / n)
        answered = DESIGN["prevalence"]
        found = f"{share:.3%} ({k} of {n}; 95 % interval {middle - half:.3%} to {middle + half:.3%})"
        if answered is None:
            note("prevalence", found, "nothing was answered", None)
        else:
            off = not middle - half <= answered <= middle + half and abs(share - answered) > 0.1 * answered
            note("prevalence", found, f"{answered:.3%} was answered", off)
else:
    kind = pd.api.types.is_numeric_dtype(rows[TARGET]) and rows[TARGET].nunique() > 30
    print(rows[TARGET].describe() if kind else rows[TARGET].value_counts(normalize=True, dropna=False).head(30))
    note("target", f"{rows[TARGET].isna().mean():.2%} missing, {rows[TARGET].nunique()} values", "no label is missing", bool(rows[TARGET].isna().any()))

# %% distributions against the expected ones
for one in present:
    column, hope = rows[one["name"]].dropna(), one["expected"]
    if hope is None or column.empty:
        continue
    numbers = pd.to_numeric(column, errors="coerce").dropna()
    if hope["low"] is not None and len(numbers):
        outside = float(((numbers < hope["low"]) | (numbers > hope["high"])).mean())
        note(f"range of {one['name']}", f"{numbers.min():g} to {numbers.max():g}, {outside:.2%} outside", f"{hope['low']:g} to {hope['high']:g}", outside > 0.01)
    if hope["middle"] is not None and len(numbers):
        word, wanted = hope["middle"]
        found = float(numbers.median() if word == "median" else numbers.mean())
        spread = float(numbers.quantile(0.75) - numbers.quantile(0.25)) or abs(wanted) or 1.0
        note(f"{word} of {one['name']}", f"{found:g}", f"{wanted:g}", abs(found - wanted) > max(0.25 * spread, 0.1 * abs(wanted)))
    if hope["zeros"] is not None and len(numbers):
        zeros = float((numbers == 0).mean())
        note(f"zeros of {one['name']}", f"{zeros:.1%}", f"{hope['zeros']:.1%}", abs(zeros - hope["zeros"]) > 0.05)
    if hope["shares"]:
        shares = column.astype(str).value_counts(normalize=True)
        apart = max(abs(float(shares.get(value, 0.0)) - wanted) for value, wanted in hope["shares"].items())
        unseen = [str(value) for value in shares.index if value not in hope["shares"] and sum(hope["shares"].values()) > 0.99]
        note(f"shares of {one['name']}", f"at most {apart:.1%} apart{', not expected: ' + ', '.join(unseen[:5]) if unseen else ''}", hope["text"], apart > 0.05 or bool(unseen))

try:
    import matplotlib.pyplot as plt
except ImportError:
    print("No plots: matplotlib is not installed. Everything above is in the table of findings.")
else:
    drawn = [one["name"] for one in present if pd.api.types.is_numeric_dtype(rows[one["name"]])][:24]
    if drawn:
        rows[drawn].hist(bins=40, figsize=(14, 2.5 * ((len(drawn) + 3) // 4 + 1)))
        plt.tight_layout()
        plt.show()

# %% leakage: names, one feature alone, shuffled labels


def auc(score, truth):
    """The chance that a positive row ranks above a negative one; ties count half."""
    ranks, positives = score.rank(), truth.sum()
    negatives = len(truth) - positives
    return float((ranks[truth == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def alone(column, truth, folds):
    """The AUC of one column: numbers by rank, all others by the mean label of their value in the other folds."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        filled = column.astype(float).fillna(column.astype(float).min() - 1)
        found = auc(filled, truth)
    else:
        score, text = pd.Series(float(truth.mean()), index=truth.index), column.astype(str)
        for fold in range(5):
            means = truth[folds != fold].groupby(text[folds != fold]).mean()
            score[folds == fold] = text[folds == fold].map(means).fillna(float(truth.mean()))
        return auc(score, truth)
    return max(found, 1 - found)


told = [str(one) for one in rows.columns if str(one) != TARGET and any(word in str(one).lower() for word in DESIGN["denied"])]
note("names that tell the outcome", ", ".join(told) or "none", "none, or an exception with its reason", bool(told))
if label is None:
    note("one feature alone", "needs a target of two values", "AUC below 0.85", None)
    note("shuffled labels", "needs a target of two values", "AUC near 0.5", None)
else:
    random = np.random.default_rng(SEED)
    there = label.dropna().index
    truth = label[there].astype(int)
    folds = pd.Series(random.integers(0, 5, len(there)), index=there)
    shuffled = pd.Series(random.permutation(truth.to_numpy()), index=there)
    columns = [one for one in rows.columns if one not in (TARGET, TIME) and rows[one].nunique(dropna=False) > 1]
    by_column = {str(one): alone(rows.loc[there, one], truth, folds) for one in columns}
    by_chance = {str(one): alone(rows.loc[there, one], shuffled, folds) for one in columns}
    shown(pd.DataFrame(sorted(((name, f"{value:.3f}") for name, value in by_column.items()), key=lambda one: one[1], reverse=True), columns=["column", "AUC alone"]))
    for name, value in by_column.items():
        if value >= 0.85:
            note(f"{name} alone", f"AUC {value:.3f}", "0.85 is reviewed, 0.95 stops the run", True)
    highest = max(by_column.values(), default=0.5)
    note("one feature alone", f"highest AUC {highest:.3f}", "below 0.85", highest >= 0.85)
    noise = max(by_chance.values(), default=0.5)
    k = int(truth.sum())
    allowed = 0.5 + 4 * float(np.sqrt((len(truth) + 1) / 12 / k / (len(truth) - k)))
    note("shuffled labels", f"highest AUC {noise:.3f}", f"below {allowed:.3f}, four standard errors from chance", noise > allowed)

# %% time coverage against the folds
stamps = None
candidates = [TIME] if TIME else [one["name"] for one in features if one["type"] == "timestamp"] + list(rows.columns[rows.columns.astype(str).str.contains(r"(?:^|_)(?:date|day|time|timestamp|at|ts)$", case=False)])
for name in candidates:
    if name in rows.columns and not pd.api.types.is_numeric_dtype(rows[name]):
        parsed = pd.to_datetime(rows[name], errors="coerce", utc=True, format="ISO8601")
        if parsed.notna().mean() > 0.9:
            TIME, stamps = name, parsed
            break
if stamps is None:
    note("time coverage", "no column of times was found", "set TIME to the column that says as of when a row stands", None)
else:
    first, last = stamps.min(), stamps.max()
    covered = (last - first).days
    wanted = DESIGN["history_days"]
    note("history", f"{covered} days, {first.date()} to {last.date()} in {TIME}", f"{wanted:g} days were answered" if wanted else "nothing was answered", covered < 0.9 * wanted if wanted else None)
    by_month = stamps.dt.strftime("%Y-%m").value_counts().sort_index()
    shown(pd.DataFrame({"month": by_month.index, "rows": by_month.to_numpy()}))
    for fold in DESIGN["folds"]:
        begins, until = (last + pd.Timedelta(days=int(one.split()[1])) if one.startswith("day") else pd.Timestamp(one, tz="UTC") for one in fold["test"])
        inside = (stamps > begins) & (stamps <= until)
        found = f"{int(inside.sum()):,} rows" + (f", {int(label[inside].sum())} positive" if label is not None else "")
        note(f"test part of fold {fold['fold']}", found, f"rows from {begins.date()} to {until.date()}", not inside.any())

# %% duplicates, keys and groups
note("identical rows", f"{int(rows.duplicated().sum()):,}", "0", bool(rows.duplicated().any()))
keys = [one for one in DESIGN["keys"] if one in rows.columns]
if not keys:
    note("one row for each unit and time", f"none of {', '.join(DESIGN['keys']) or 'the keys, which nobody named,'} is a column", "a key", None)
else:
    unit = [keys[0], *([TIME] if stamps is not None and TIME != keys[0] else [])]
    twice = int(rows.duplicated(unit).sum())
    note(f"one row for each {' and '.join(unit)}", f"{twice:,} rows more", "0", twice > 0)
group = DESIGN["group_key"]
if group and group in rows.columns:
    several = float(rows[group].map(rows[group].value_counts()).gt(1).mean())
    note(f"group key {group}", f"{rows[group].nunique():,} groups; {several:.1%} of the rows share theirs", "rows of one group stand on one side of a split", several > 0 and not DESIGN["splits_by_group"])
elif group:
    note(f"group key {group}", "not a column", "a column", None)

# %% slices
for name, query in SLICES.items():
    if query is None:
        note(f"slice: {name}", "no query is written in SLICES", "rows and positives of its own", None)
        continue
    try:
        part = rows.query(query)
    except Exception as wrong_query:
        note(f"slice: {name}", f"{type(wrong_query).__name__}: {wrong_query}", "a query over the columns", None)
        continue
    counted = int(label[part.index].sum()) if label is not None else len(part)
    note(f"slice: {name}", f"{len(part):,} rows, {counted:,} that count", "30 and more that count", counted < 30)

# %% findings
findings = pd.DataFrame(FINDINGS)
print(findings.to_string(index=False))
print(f"{(findings['verdict'] == 'LOOK').sum()} to look at, {(findings['verdict'] == 'not examined').sum()} not examined, {(findings['verdict'] == 'ok').sum()} ok")
'''
