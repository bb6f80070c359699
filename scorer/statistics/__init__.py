"""Numbers about agreement and spread: arrays in, plain floats or an `Undefined` reason out.

Three layers. `stacks` holds the formulas over stacks of contingency tables (NaN where undefined, so that thousands of
bootstrap draws are one array operation); `coefficients` is one table at a time, where NaN has become a reason;
`repeated` is about one rater asked again; `bootstrap`, `intervals` and `consensus` are about uncertainty and about
many raters; `components`, `dawid_skene` and `ppi` split a variance, learn how raters err, and correct a mean by labels.
Coefficients are functions of sums over clusters: 2,000 draws over 20,000 tasks take hundredths of a second.

Refuses: to know what a task, a rater or a rubric is.
"""

from scorer.statistics.bootstrap import (
    Estimate,
    cluster_sums,
    estimate,
    outside_p_value,
    percentile_interval,
    resample,
)
from scorer.statistics.coefficients import (
    bias,
    cohen_kappa,
    crosstab,
    gwet_ac1,
    krippendorff_alpha,
    mae,
    pearson,
    raw_agreement,
    spearman,
)
from scorer.statistics.components import CROSSED, Component, variance_components
from scorer.statistics.consensus import REDUCERS, reduce, spread
from scorer.statistics.dawid_skene import DawidSkene, dawid_skene
from scorer.statistics.intervals import Interval, discoveries, satterthwaite, t_interval
from scorer.statistics.ppi import MIN_LABELS, CorrectedMean, LabelSample, census_mean, ppi_mean
from scorer.statistics.quantiles import chi_squared_upper, detectable_effect, normal_quantile, t_below, t_quantile
from scorer.statistics.repeated import icc, icc_sums, same_answer, same_answer_sums
from scorer.statistics.shapley import shapley
from scorer.statistics.stacks import FloatArray, Metric

__all__ = [
    "CROSSED",
    "MIN_LABELS",
    "REDUCERS",
    "Component",
    "CorrectedMean",
    "DawidSkene",
    "Estimate",
    "FloatArray",
    "Interval",
    "LabelSample",
    "Metric",
    "bias",
    "census_mean",
    "chi_squared_upper",
    "cluster_sums",
    "cohen_kappa",
    "crosstab",
    "dawid_skene",
    "detectable_effect",
    "discoveries",
    "estimate",
    "gwet_ac1",
    "icc",
    "icc_sums",
    "krippendorff_alpha",
    "mae",
    "normal_quantile",
    "outside_p_value",
    "pearson",
    "percentile_interval",
    "ppi_mean",
    "raw_agreement",
    "reduce",
    "resample",
    "same_answer",
    "same_answer_sums",
    "satterthwaite",
    "shapley",
    "spearman",
    "spread",
    "t_below",
    "t_interval",
    "t_quantile",
    "variance_components",
]
