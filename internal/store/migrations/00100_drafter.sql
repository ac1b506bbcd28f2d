-- +goose Up
-- model is the language model that wrote a draft, '' for none, and was the text before it
ALTER TABLE drafts ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN was TEXT NOT NULL DEFAULT '';
