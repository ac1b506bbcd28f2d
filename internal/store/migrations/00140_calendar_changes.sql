-- +goose Up
-- calendar_changes are meetings of ours that somebody moved (start_at, minutes) or took out (gone) in a calendar
-- program: followed at due_at when they stay so, 0 where a person has to say, for the reason in why; path is of
-- the object that is missing, '' where it is there
CREATE TABLE calendar_changes (
  ws       BIGINT NOT NULL,
  calendar BIGINT NOT NULL,
  uid      TEXT   NOT NULL,
  path     TEXT   NOT NULL,
  gone     BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  minutes  BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  seen     BIGINT NOT NULL,
  due_at   BIGINT NOT NULL,
  why      TEXT   NOT NULL,
  PRIMARY KEY (ws, calendar, uid)
);
CREATE INDEX calendar_changes_due ON calendar_changes (due_at) WHERE due_at > 0;
