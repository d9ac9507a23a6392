-- What an ISO 8601 text may mean (decisions partial_death_date and event_date of specs/study.toml): its first day, its
-- last day, and what of it was not known. Null where the calendar has no such date.
CREATE MACRO day_of(dtc) AS TRY_CAST(nullif(regexp_extract(dtc, '^\d{4}-\d{2}-\d{2}'), '') AS DATE);
CREATE MACRO month_of(dtc) AS TRY_CAST(nullif(regexp_extract(dtc, '^\d{4}-\d{2}$'), '') || '-01' AS DATE);
CREATE MACRO year_of(dtc) AS nullif(regexp_extract(dtc, '^(\d{4})(---\d{2})?$', 1), '');
CREATE MACRO first_day_of(dtc) AS coalesce(day_of(dtc), month_of(dtc), TRY_CAST(year_of(dtc) || '-01-01' AS DATE));
CREATE MACRO last_day_of(dtc) AS
    coalesce(day_of(dtc), last_day(month_of(dtc)), TRY_CAST(year_of(dtc) || '-12-31' AS DATE));
CREATE MACRO completed(dtc) AS CASE
    WHEN day_of(dtc) IS NOT NULL THEN NULL
    WHEN month_of(dtc) IS NOT NULL THEN 'D'
    WHEN year_of(dtc) IS NOT NULL THEN 'M'
END;
