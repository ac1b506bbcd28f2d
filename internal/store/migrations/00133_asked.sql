-- +goose Up
-- person is who was asked: of the deal, when it was made
ALTER TABLE asks ADD COLUMN person BIGINT NOT NULL DEFAULT 0;
UPDATE asks SET person = COALESCE((SELECT d.person FROM deals d WHERE d.ws = asks.ws AND d.id = asks.deal), 0);
CREATE INDEX asks_person ON asks (ws, person) WHERE made_at > 0;
CREATE INDEX given_person ON given (ws, person) WHERE at > 0;
