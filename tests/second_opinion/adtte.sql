-- ADTTE anew, from SDTM and the SQL of ADSL. Written from specs/methods.csv (ADT_ADTTE, AVAL_ADTTE, CNSR) and the
-- decisions landmark (study_day), censoring (followed), event_date, abandonment (coded) and landmark_assessment
-- (assessed) of specs/study.toml.
WITH subject AS (
    SELECT SUBJECT.*, DTHFL, RANDDT AS start FROM SUBJECT JOIN DM USING (USUBJID) WHERE RANDFL = 'Y'
),
stated AS (
    SELECT USUBJID, 'TRANSPLANT' AS what, PRSTDTC AS dtc FROM PR WHERE PRCAT = 'TRANSPLANTATION'
    UNION ALL
    SELECT USUBJID, 'ABANDON', DSSTDTC FROM DS WHERE DSCAT = 'DISPOSITION EVENT' AND DSDECOD = 'WITHDRAWAL BY SUBJECT'
),
placed AS (
    SELECT
        USUBJID, what, start,
        CASE
            WHEN first_day_of(dtc) IS NULL THEN start
            WHEN completed(dtc) IS NOT NULL AND last_day_of(dtc) >= start THEN greatest(first_day_of(dtc), start)
            ELSE first_day_of(dtc)
        END AS day,
        CASE WHEN first_day_of(dtc) IS NULL THEN 'Y' ELSE completed(dtc) END AS flag
    FROM stated JOIN subject USING (USUBJID)
),
event AS (
    SELECT USUBJID, what, day, flag FROM placed WHERE day >= start
    UNION ALL
    SELECT USUBJID, 'DEATH', coalesce(DTHDT, LSTALVDT), CASE WHEN DTHDT IS NULL THEN 'Y' ELSE DTHDTF END
    FROM subject WHERE DTHFL = 'Y'
),
parameter AS (
    SELECT kind || landmark AS PARAMCD, kind, landmark
    FROM (VALUES ('OS'), ('TFS'), ('AO')) kinds(kind), (VALUES (28), (84)) landmarks(landmark)
),
course AS (
    SELECT parameter.*, subject.*, start + landmark - 1 AS last_day,
        CASE WHEN DTHFL = 'Y' THEN coalesce(DTHDT, LSTALVDT) END AS died,
        coalesce(DCSREAS, '') IN ('LOST TO FOLLOW-UP', 'WITHDRAWAL BY SUBJECT', 'WITHDRAWAL OF CONSENT')
            AND coalesce(EOSDT < start + landmark - 1, TRUE) AS left_before
    FROM parameter, subject
),
counted AS (
    SELECT course.USUBJID, PARAMCD, day AS event_day, flag
    FROM course JOIN event ON event.USUBJID = course.USUBJID AND day <= last_day
    WHERE what = 'DEATH' OR (kind = 'TFS' AND what = 'TRANSPLANT') OR kind = 'AO'
    QUALIFY row_number() OVER (
        PARTITION BY course.USUBJID, PARAMCD
        ORDER BY day, CASE what WHEN 'DEATH' THEN 1 WHEN 'ABANDON' THEN 2 ELSE 3 END, flag
    ) = 1
)
SELECT
    USUBJID, PARAMCD,
    date_diff('day', start, coalesce(event_day,
        CASE WHEN LSTALVDT >= last_day OR died >= last_day THEN last_day ELSE LSTALVDT END)) + 1 AS AVAL,
    CASE
        WHEN event_day IS NOT NULL THEN 0
        WHEN LSTALVDT >= last_day OR died >= last_day THEN 1
        WHEN NOT left_before AND EXISTS (
            SELECT 1 FROM SS WHERE SS.USUBJID = course.USUBJID AND SSTESTCD = 'SURVSTAT' AND SSSTRESC = 'ALIVE'
                AND SSTPTNUM = landmark AND day_of(SSDTC) >= last_day - 7
        ) THEN 2
        WHEN DCSREAS = 'LOST TO FOLLOW-UP' THEN 3
        WHEN DCSREAS = 'WITHDRAWAL BY SUBJECT' THEN 4
        WHEN DCSREAS = 'WITHDRAWAL OF CONSENT' THEN 5
        WHEN EOSSTT = 'ONGOING' THEN 7
        ELSE 6
    END AS CNSR,
    flag AS ADTF
FROM course LEFT JOIN counted USING (USUBJID, PARAMCD)
ORDER BY 1, 2
