-- +goose Up
-- held_times are the free times in the prepared answer of a deal: the lines with their links, the group
-- that holds them, and the newest mail that they answer
CREATE TABLE held_times (
  ws    BIGINT NOT NULL,
  deal  BIGINT NOT NULL,
  grp   BIGINT NOT NULL,
  mail  BIGINT NOT NULL,
  until BIGINT NOT NULL,
  body  TEXT   NOT NULL,
  PRIMARY KEY (ws, deal)
);
