-- ADLB anew: value, baseline, change, window. Written from specs/methods.csv (ANALYSIS_VALUE, ADY, ABLFL, BASE, CHG,
-- AVISIT, ANL01FL) and the decisions laboratory_records, analysis_baseline (not_after) and analysis_windows (halfway) of
-- specs/study.toml.
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
    SELECT USUBJID, PARAMCD, AVAL AS BASE, LBSEQ AS base_seq
    FROM timed
    WHERE ADY <= 1 AND NOT is_after_infusion
    QUALIFY row_number() OVER (PARTITION BY USUBJID, PARAMCD ORDER BY ADT DESC, LBDTC DESC, LBSEQ DESC) = 1
),
placed AS (
    SELECT *, abs(CASE WHEN ADY < 0 THEN ADY ELSE ADY - 1 END - (target - 1)) AS distance
    FROM timed JOIN (VALUES
        ('Baseline', 1, -9999, 1), ('Day 4', 4, 2, 5), ('Day 7', 7, 6, 8), ('Day 10', 10, 9, 11),
        ('Day 13', 13, 12, 20), ('Day 28', 28, 21, 56), ('Day 84', 84, 57, 9999)
    ) planned(AVISIT, target, low, high) ON ADY BETWEEN low AND high AND NOT (target = 1 AND is_after_infusion)
),
chosen AS (
    SELECT USUBJID, LBSEQ, 'Y' AS ANL01FL FROM placed
    QUALIFY row_number() OVER (
        PARTITION BY USUBJID, PARAMCD, AVISIT ORDER BY distance, ADT DESC, LBDTC DESC, LBSEQ DESC
    ) = 1
)
SELECT
    USUBJID, LBSEQ, AVAL, CASE WHEN LBSEQ = base_seq THEN 'Y' END AS ABLFL, BASE,
    CASE WHEN ADY > 1 OR (ADY <= 1 AND is_after_infusion) THEN AVAL - BASE END AS CHG,
    CASE WHEN (ADY > 1 OR (ADY <= 1 AND is_after_infusion)) AND BASE <> 0 THEN 100 * (AVAL - BASE) / BASE END AS PCHG,
    AVISIT, ANL01FL
FROM timed LEFT JOIN last_before USING (USUBJID, PARAMCD)
    LEFT JOIN (SELECT USUBJID, LBSEQ, AVISIT FROM placed) USING (USUBJID, LBSEQ)
    LEFT JOIN chosen USING (USUBJID, LBSEQ)
WHERE PARAMCD IS NOT NULL
ORDER BY 1, 2
