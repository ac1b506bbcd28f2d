-- +goose Up
-- base is what we wrote into the calendar last, or found there before: against it their changes are told
ALTER TABLE calendar_writes ADD COLUMN base BYTEA;
