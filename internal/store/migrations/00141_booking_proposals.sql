-- +goose Up
-- to_at is another time that the guest of a booking without a deal proposes, with its minutes and words; to_stamp is when they wrote it
ALTER TABLE bookings ADD COLUMN to_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN to_minutes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bookings ADD COLUMN to_words TEXT NOT NULL DEFAULT '';
ALTER TABLE bookings ADD COLUMN to_stamp BIGINT NOT NULL DEFAULT 0;
CREATE INDEX bookings_to ON bookings (ws, to_at) WHERE to_at > 0;
