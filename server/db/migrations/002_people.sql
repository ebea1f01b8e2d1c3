-- When somebody was last there outlives their sessions. A link for somebody is worth
-- what the user who made it may still do; null: made on the command line.

ALTER TABLE users ADD COLUMN last_active_at INTEGER;

ALTER TABLE one_time_tokens ADD COLUMN made_by INTEGER REFERENCES users (id);
CREATE INDEX one_time_tokens_user ON one_time_tokens (user_id) WHERE user_id IS NOT NULL;
