-- Grain: one person of the centre who may be the one being entered. Source: the centre's own
-- people, found by the key of beneficiaries_personcentre (centre, person). Reader:
-- beneficiaries.merging, before a person is entered and beside one who is.
SELECT p.id, (p.phone <> '' AND p.phone = %(phone)s) AS same_phone,
       greatest(similarity(ar_norm(p.name_ar), %(name_ar)s),
                similarity(ar_norm(p.name_en), %(name_en)s)) AS likeness
FROM beneficiaries_personcentre pc
JOIN beneficiaries_person p ON p.id = pc.person_id
WHERE pc.centre_id = %(centre)s
  AND p.merged_into_id IS NULL
  AND p.id IS DISTINCT FROM %(but)s
  -- The stored fold holds both names, and a name's likeness to a part of it is never below its
  -- likeness to that name alone: it sifts, so that few names are folded anew.
  AND ((p.phone <> '' AND p.phone = %(phone)s)
       OR (word_similarity(%(name_ar)s, p.name_fold) >= %(threshold)s
           AND similarity(ar_norm(p.name_ar), %(name_ar)s) >= %(threshold)s)
       OR (word_similarity(%(name_en)s, p.name_fold) >= %(threshold)s
           AND similarity(ar_norm(p.name_en), %(name_en)s) >= %(threshold)s))
ORDER BY same_phone DESC, likeness DESC, p.id
LIMIT %(most)s
