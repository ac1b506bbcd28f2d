-- +goose Up
-- gift_files are the bytes of gifts that are files
CREATE TABLE gift_files (
  ws   BIGINT NOT NULL,
  gift BIGINT NOT NULL,
  name TEXT   NOT NULL,
  body BYTEA  NOT NULL,
  PRIMARY KEY (ws, gift)
);
