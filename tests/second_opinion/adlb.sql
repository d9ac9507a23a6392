-- ADLB anew: value, baseline, change. Written from specs/methods.csv (ANALYSIS_VALUE, ADY, ABLFL, BASE, CHG) and the
-- decisions laboratory_records and analysis_baseline of specs/study.toml.
WITH result AS (
    SELECT
        LB.USUBJID, LB.LBSEQ, LB.LBTESTCD AS PARAMCD, LB.LBDTC,
        CASE
            WHEN LBSTRESN IS NOT NULL THEN LBSTRESN
            WHEN LBSTRESC LIKE '<%' THEN TRY_CAST(replace(substr(LBSTRESC, 2), '=', '') AS DOUBLE) / 2
            WHEN LBSTRESC LIKE '>%' THEN TRY_CAST(replace(substr(LBSTRESC, 2), '=', '') AS DOUBLE)
        END AS AVAL,
        TRY_CAST(regexp_extract(LBDTC, '^\d{4}-\d{2}-\d{2}') AS DATE) AS ADT,
        CASE WHEN DM.ARMCD IS NOT NULL THEN TRY_CAST(left(DM.RFSTDTC, 10) AS DATE) END AS TRTSDT, DM.RFXSTDTC
    FROM LB JOIN DM USING (USUBJID)
),
timed AS (
    SELECT
        *,
        date_diff('day', TRTSDT, ADT) + CASE WHEN ADT >= TRTSDT THEN 1 ELSE 0 END AS ADY,
        coalesce(
            left(LBDTC, least(length(LBDTC), length(RFXSTDTC))) > left(RFXSTDTC, least(length(LBDTC), length(RFXSTDTC))),
            FALSE
        ) AS is_after_infusion
    FROM result
    WHERE AVAL IS NOT NULL
),
last_before AS (
    SELECT USUBJID, PARAMCD, AVAL AS BASE, LBSEQ
    FROM timed
    WHERE ADY <= 1 AND NOT is_after_infusion
    QUALIFY row_number() OVER (PARTITION BY USUBJID, PARAMCD ORDER BY ADT DESC, LBDTC DESC, LBSEQ DESC) = 1
)
SELECT
    timed.USUBJID, timed.LBSEQ, timed.AVAL,
    CASE WHEN last_before.LBSEQ = timed.LBSEQ THEN 'Y' END AS ABLFL,
    BASE,
    CASE WHEN ADY > 1 OR (ADY = 1 AND is_after_infusion) THEN AVAL - BASE END AS CHG,
    CASE WHEN (ADY > 1 OR (ADY = 1 AND is_after_infusion)) AND BASE <> 0 THEN 100 * (AVAL - BASE) / BASE END AS PCHG
FROM timed LEFT JOIN last_before USING (USUBJID, PARAMCD)
WHERE timed.PARAMCD IS NOT NULL
ORDER BY 1, 2
