"""What columns of the tables of a cohort mean."""


def cohort_columns(of_row: str, at: str) -> dict[str, tuple[str, ...]]:
    """Meaning, unit and period by column; ``of_row`` and ``at`` are unit and period of what a row is about."""
    return {
        "county": ("county: its code, or the name of its scenario",),
        "county_name": ("name of the county",),
        "province": ("province of the county",),
        "reason": ("why the county could not be run",),
        "prediction": ("effect in a further county", of_row, at),
        "tau": ("standard deviation of the true effects between counties", of_row, at),
        "counties": ("counties behind the figures", "number"),
        "positive": ("counties whose mean effect is above zero", "number"),
        "refused": ("counties that could not be run", "number"),
        "effects.sd": ("standard deviation of the difference between replications", of_row, at),
        "seed": ("seed of the county's own luck", "number"),
        "failed": ("replications left out, as a run of them failed", "number"),
        "trait": ("what of a county may go with a larger effect",),
        "log": ("whether the logarithm of the trait is taken", "true or false"),
        "association.step": ("standard deviation of the trait between counties", "that of the trait, or its logarithm"),
        "alone": ("effect that goes with one step more of the trait, no other trait held constant", of_row, at),
        "association.value": ("the same, beside all other traits", of_row, at),
        "explained": ("part of the variance between counties that all traits account for", "share"),
        **{
            f"{table}.{name}": entry
            for table in ("traits", "panel")
            for name, entry in {
                "villages": ("villages on the first day", "villages"),
                "villages_after": ("villages after all decrees, by the likeliest map", "villages"),
                "share_merged": ("constituents whose villages are merged, by the likeliest map", "share"),
                "mean_income": ("income of a village in the year before the start", "yuan per village and year"),
                "income_spread": ("standard deviation of log incomes of villages at the start", "log points"),
                "residents_per_village": ("residents of a village at the start", "persons"),
            }.items()
        },
        "id": ("number of the county, for programs that want one", "number"),
        "panel.group": ("first year with the strategy, 0 for never", "year"),
        "treated": ("the county has the strategy in this year, or it began in it", "0 or 1"),
        "event": ("years since the first one with the strategy; empty for never", "years"),
        "pair": ("number of the pair of counties that are alike; 0 for none", "number"),
    }
