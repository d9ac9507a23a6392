-- ADTTE anew. Written from specs/methods.csv (ADT_ADTTE, AVAL_ADTTE, CNSR) and the decisions landmark, censoring,
-- event_date, abandonment (coded) and landmark_assessment (assessed) of specs/study.toml.
WITH subject AS (
    SELECT
        USUBJID, CAST(left(RFSTDTC, 10) AS DATE) AS start, DM.DTHFL,
        coalesce(TRY_CAST(left(DTHDTC, 10) AS DATE), DTHDT, LSTALVDT) AS died, DTHDT, LSTALVDT, DCSREAS, EOSDT, EOSSTT
    FROM DM JOIN ADSL USING (USUBJID) WHERE DM.ARMCD IS NOT NULL
),
stated AS (
    SELECT USUBJID, 'TRANSPLANT' AS what, PRSTDTC AS dtc FROM PR WHERE PRCAT = 'TRANSPLANTATION'
    UNION ALL
    SELECT USUBJID, 'ABANDON', DSSTDTC FROM DS WHERE DSCAT = 'DISPOSITION EVENT' AND DSDECOD = 'WITHDRAWAL BY SUBJECT'
),
range AS (
    SELECT
        USUBJID, what,
        CASE length(dtc) WHEN 7 THEN CAST(dtc || '-01' AS DATE) WHEN 4 THEN CAST(dtc || '-01-01' AS DATE)
            ELSE TRY_CAST(left(dtc, 10) AS DATE) END AS first_day,
        CASE length(dtc) WHEN 7 THEN last_day(CAST(dtc || '-01' AS DATE)) WHEN 4 THEN CAST(dtc || '-12-31' AS DATE)
            ELSE TRY_CAST(left(dtc, 10) AS DATE) END AS last_day
    FROM stated
),
placed AS (
    SELECT
        USUBJID, what, start,
        CASE
            WHEN first_day IS NULL THEN start
            WHEN (CASE WHEN DTHDT >= first_day THEN least(last_day, DTHDT) ELSE last_day END) >= start
                THEN greatest(first_day, start)
            ELSE first_day
        END AS day
    FROM range JOIN subject USING (USUBJID)
),
event AS (
    SELECT USUBJID, what, day FROM placed WHERE day >= start
    UNION ALL
    SELECT USUBJID, 'DEATH', died FROM subject WHERE DTHFL = 'Y'
),
parameter AS (
    SELECT kind || landmark AS PARAMCD, kind, landmark
    FROM (VALUES ('OS'), ('TFS'), ('AO')) kinds(kind), (VALUES (28), (84)) landmarks(landmark)
),
counted AS (
    SELECT PARAMCD, landmark, kind, subject.*, start + landmark - 1 AS last_day,
        (SELECT min(day) FROM event WHERE event.USUBJID = subject.USUBJID AND day <= start + landmark - 1 AND (
            what = 'DEATH' OR (kind = 'TFS' AND what = 'TRANSPLANT') OR kind = 'AO')) AS event_day
    FROM parameter, subject
)
SELECT
    USUBJID, PARAMCD,
    date_diff('day', start, coalesce(event_day, CASE
        WHEN LSTALVDT >= last_day OR (DTHFL = 'Y' AND died >= last_day) THEN last_day ELSE LSTALVDT END)) + 1.0 AS AVAL,
    CASE
        WHEN event_day IS NOT NULL THEN 0
        WHEN LSTALVDT >= last_day OR (DTHFL = 'Y' AND died >= last_day) THEN 1
        WHEN NOT (coalesce(DCSREAS, '') IN ('LOST TO FOLLOW-UP', 'WITHDRAWAL BY SUBJECT', 'WITHDRAWAL OF CONSENT')
            AND coalesce(EOSDT < last_day, TRUE)) AND EXISTS (
            SELECT 1 FROM SS WHERE SS.USUBJID = counted.USUBJID AND SSTESTCD = 'SURVSTAT' AND SSSTRESC = 'ALIVE'
                AND SSTPTNUM = landmark
                AND TRY_CAST(left(SSDTC, 10) AS DATE) >= start + CASE landmark WHEN 28 THEN 20 ELSE 76 END
        ) THEN 2
        ELSE CASE DCSREAS
            WHEN 'LOST TO FOLLOW-UP' THEN 3 WHEN 'WITHDRAWAL BY SUBJECT' THEN 4 WHEN 'WITHDRAWAL OF CONSENT' THEN 5
            ELSE CASE EOSSTT WHEN 'ONGOING' THEN 7 ELSE 6 END END
    END AS CNSR
FROM counted
ORDER BY 1, 2
