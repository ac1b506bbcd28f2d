-- +goose Up
-- took_at is when one of the two, took_by, first wrote below the mail that joined them
ALTER TABLE introductions ADD COLUMN took_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE introductions ADD COLUMN took_by BIGINT NOT NULL DEFAULT 0;
