-- +goose Up
-- lists of deals that go on after a deal, and what all open ones come to, read in the index alone
DROP INDEX deals_last;
CREATE INDEX deals_last ON deals (ws, last_at, id) WHERE merged = 0;
DROP INDEX deals_open;
CREATE INDEX deals_open ON deals (ws, path, ball, currency, value) WHERE merged = 0 AND ended_at = 0;
