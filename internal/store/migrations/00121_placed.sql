-- +goose Up
-- placed is the last deal that the model in use has placed: it goes through them by their IDs, a few at a time
ALTER TABLE models ADD COLUMN placed BIGINT NOT NULL DEFAULT 9223372036854775807;
-- deals of before there was a model have no clock yet: they are derived anew
UPDATE deals SET next_at = 1 WHERE merged = 0 AND NOT EXISTS (SELECT 1 FROM models m WHERE m.ws = deals.ws)
  AND NOT EXISTS (SELECT 1 FROM stays s WHERE s.ws = deals.ws AND s.deal = deals.id);
