-- Adding a key changed five indexes somewhere in their middle, each a page to sync and to carry
-- over from the WAL. Now it is three. Keys are found by their home, an organization or 0 for
-- global ones, then by owner and name: COALESCE(org_id, 0) = ? finds the range, org_id = ? none.
DROP INDEX api_keys_name;
DROP INDEX api_keys_org;
CREATE UNIQUE INDEX api_keys_name ON api_keys (COALESCE(org_id, 0), owner_id, name_folded) WHERE deleted_at IS NULL;

-- All homes there are, few. Somebody's keys wherever they live are asked for by
-- COALESCE(org_id, 0) IN (SELECT id FROM key_homes) AND owner_id = ?. The plus takes its type
-- from id: values that are compared as integers are not looked for in an index of an expression.
CREATE VIEW key_homes AS SELECT 0 AS id UNION ALL SELECT +id FROM organizations;

-- Who comes with a key is its owner, so what was done with it lies among what they did.
DROP INDEX audit_user;
DROP INDEX audit_caller_key;
CREATE INDEX audit_user ON audit (user_id, key_id) WHERE user_id IS NOT NULL;
