-- +goose Up
CREATE TABLE find (
  ws    BIGINT NOT NULL,
  id    BIGINT NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE INDEX find_words ON find USING gin (words);
