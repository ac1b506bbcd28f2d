-- +goose Up
-- early_invitations are mails of calendar programs that came before there was a deal, by who is in them
CREATE TABLE early_invitations (
  ws      BIGINT NOT NULL,
  address TEXT   NOT NULL,
  mail    BIGINT NOT NULL,
  PRIMARY KEY (ws, address, mail)
);
