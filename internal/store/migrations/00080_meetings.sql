-- +goose Up
ALTER TABLE calendars ADD COLUMN met TEXT NOT NULL DEFAULT '';
ALTER TABLE calendar_writes ADD COLUMN path TEXT NOT NULL DEFAULT '';

-- sightings are what each calendar (0: the mails) said last of a meeting; the newest of them holds
CREATE TABLE sightings (
  ws       BIGINT NOT NULL,
  calendar BIGINT NOT NULL,
  uid      TEXT   NOT NULL,
  meeting  BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  stamp    BIGINT NOT NULL,
  gone     BIGINT NOT NULL,
  PRIMARY KEY (ws, calendar, uid)
);
CREATE INDEX sightings_meeting ON sightings (ws, meeting);

-- invitations came by mail, one to each address of ours that was invited
CREATE TABLE invitations (
  ws          BIGINT NOT NULL,
  id          BIGINT NOT NULL,
  uid         TEXT   NOT NULL,
  invited     TEXT   NOT NULL,
  member      BIGINT NOT NULL,
  deal        BIGINT NOT NULL,
  person      BIGINT NOT NULL,
  mail        BIGINT NOT NULL,
  meeting     BIGINT NOT NULL,
  organizer   TEXT   NOT NULL,
  organizer_name TEXT NOT NULL,
  at          BIGINT NOT NULL,
  minutes     BIGINT NOT NULL,
  title       TEXT   NOT NULL,
  place       TEXT   NOT NULL,
  repeats     BIGINT NOT NULL,
  sequence    BIGINT NOT NULL,
  stamp       BIGINT NOT NULL,
  answer      TEXT   NOT NULL,
  answered_at BIGINT NOT NULL,
  is_cancelled BIGINT NOT NULL,
  PRIMARY KEY (ws, id)
);
CREATE UNIQUE INDEX invitations_uid ON invitations (ws, uid, invited);
CREATE INDEX invitations_deal ON invitations (ws, deal);
CREATE INDEX invitations_open ON invitations (ws, member, at) WHERE answer = '' AND is_cancelled = 0;

-- invited are the meetings of ours that an invitation went out to, and by whom
CREATE TABLE invited (
  ws       BIGINT NOT NULL,
  meeting  BIGINT NOT NULL,
  member   BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (ws, meeting)
);

-- attendees of meetings, and what they answered; to_at is another time that they propose
CREATE TABLE attendees (
  ws         BIGINT NOT NULL,
  meeting    BIGINT NOT NULL,
  address    TEXT   NOT NULL,
  name       TEXT   NOT NULL,
  answer     TEXT   NOT NULL,
  words      TEXT   NOT NULL,
  sequence   BIGINT NOT NULL,
  stamp      BIGINT NOT NULL,
  to_at      BIGINT NOT NULL,
  to_minutes BIGINT NOT NULL,
  PRIMARY KEY (ws, meeting, address)
);
