-- The scores of ADRS anew: COSSH-ACLF II, Child-Pugh total, symptom total. Written from specs/methods.csv (AVAL_ADRS,
-- COSSH2, CHILD_PUGH_POINTS, CPTOT, SYMTOT) and the decisions encephalopathy_coding (published) and score_inputs.
WITH laboratory AS (
    SELECT
        USUBJID, VISITNUM,
        CASE LBTESTCD WHEN 'UREAN' THEN 'UREA' ELSE LBTESTCD END AS input,
        LBSTRESN AS number,
        TRY_CAST(LBORRES AS DECIMAL(18, 6)) AS as_written, LBORRESU AS unit
    FROM LB
    WHERE LBORRES IS NOT NULL AND VISITNUM IS NOT NULL
        AND (LBTESTCD IN ('INR', 'NEUT', 'BILI', 'UREA', 'ALB') OR (LBTESTCD = 'UREAN' AND LBSTRESU = 'mmol/L'))
    QUALIFY row_number() OVER (
        PARTITION BY USUBJID, VISITNUM, input ORDER BY LBTESTCD = 'UREAN', LBDTC NULLS LAST, LBSEQ
    ) = 1
),
assessment AS (
    SELECT
        USUBJID, VISITNUM, RSTESTCD AS input,
        CASE
            WHEN RSTESTCD = 'WHEG0101' THEN CASE RSSTRESC
                WHEN 'GRADE 0' THEN 0 WHEN 'GRADE 1' THEN 1 WHEN 'GRADE 2' THEN 2 WHEN 'GRADE 3' THEN 3 WHEN 'GRADE 4' THEN 4
            END
            WHEN RSTESTCD = 'ASCT0101' THEN CASE lower(RSSTRESC) WHEN 'absent' THEN 1 WHEN 'slight' THEN 2 WHEN 'moderate' THEN 3 END
            ELSE RSSTRESN
        END AS number
    FROM RS
    WHERE VISITNUM IS NOT NULL AND (RSTESTCD IN ('WHEG0101', 'ASCT0101') OR RSTESTCD IN (
        'SYMS0101', 'SYMS0102', 'SYMS0103', 'SYMS0104', 'SYMS0105'))
    QUALIFY row_number() OVER (PARTITION BY USUBJID, VISITNUM, RSTESTCD ORDER BY RSDTC NULLS LAST, RSSEQ) = 1
),
known AS (
    SELECT USUBJID, VISITNUM, input, number FROM laboratory
    UNION ALL SELECT USUBJID, VISITNUM, input, number FROM assessment
),
wide AS (
    PIVOT known ON input IN (
        'INR', 'NEUT', 'BILI', 'UREA', 'ALB', 'WHEG0101', 'ASCT0101',
        'SYMS0101', 'SYMS0102', 'SYMS0103', 'SYMS0104', 'SYMS0105'
    ) USING first(number) GROUP BY USUBJID, VISITNUM
),
cossh AS (
    SELECT
        USUBJID, VISITNUM, 'COSSH2' AS PARAMCD,
        CASE WHEN INR > 0 AND NEUT > 0 AND BILI > 0 AND UREA > 0 THEN
            1.649e0 * ln(INR) + 0.457e0 * CASE WHEN WHEG0101 = 0 THEN 1 WHEN WHEG0101 <= 2 THEN 2 WHEN WHEG0101 <= 4 THEN 3 END
            + 0.425e0 * ln(NEUT) + 0.396e0 * ln(BILI) + 0.576e0 * ln(UREA) + 0.033e0 * AGE
        END AS AVAL
    FROM wide JOIN DM USING (USUBJID)
    WHERE (USUBJID, VISITNUM) IN (
        SELECT USUBJID, VISITNUM FROM known WHERE input IN ('INR', 'NEUT', 'BILI', 'UREA', 'WHEG0101'))
),
points AS (
    SELECT USUBJID, VISITNUM, input,
        CASE input
            WHEN 'WHEG0101' THEN CASE WHEN number = 0 THEN 1 WHEN number <= 2 THEN 2 WHEN number <= 4 THEN 3 END
            WHEN 'ASCT0101' THEN number
        END AS points
    FROM assessment WHERE input IN ('WHEG0101', 'ASCT0101')
    UNION ALL
    SELECT USUBJID, VISITNUM, input,
        CASE WHEN number > 0 THEN CASE
            WHEN input = 'INR' THEN CASE WHEN as_written < 1.7 THEN 1 WHEN as_written <= 2.3 THEN 2 ELSE 3 END
            WHEN input = 'BILI' AND unit = 'umol/L' THEN CASE WHEN as_written < 34.2 THEN 1 WHEN as_written <= 51.3 THEN 2 ELSE 3 END
            WHEN input = 'BILI' AND unit = 'mg/dL' THEN CASE WHEN as_written < 2 THEN 1 WHEN as_written <= 3 THEN 2 ELSE 3 END
            WHEN input = 'ALB' AND unit = 'g/L' THEN CASE WHEN as_written > 35 THEN 1 WHEN as_written >= 28 THEN 2 ELSE 3 END
            WHEN input = 'ALB' AND unit = 'g/dL' THEN CASE WHEN as_written > 3.5 THEN 1 WHEN as_written >= 2.8 THEN 2 ELSE 3 END
        END END AS points
    FROM laboratory WHERE input IN ('INR', 'BILI', 'ALB')
)
SELECT * FROM cossh
UNION ALL
SELECT USUBJID, VISITNUM, 'CPTOT', CASE WHEN count(points) = 5 THEN sum(points) END FROM points GROUP BY USUBJID, VISITNUM
UNION ALL
SELECT USUBJID, VISITNUM, 'SYMTOT',
    CASE WHEN count(*) FILTER (number IN (0, 1, 2, 3)) = 5 THEN sum(number) END
FROM assessment WHERE input LIKE 'SYMS%' GROUP BY USUBJID, VISITNUM
ORDER BY 1, 3, 2
