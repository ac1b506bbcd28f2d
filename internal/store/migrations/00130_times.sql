-- +goose Up
-- to_at is another time that we have proposed to the organizer; 0 for none
ALTER TABLE invitations ADD COLUMN to_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX attendees_to ON attendees (ws, to_at) WHERE to_at > 0;
CREATE INDEX touches_declined ON touches (ws, deal) WHERE kind = 'booking' AND ball = 'us';
