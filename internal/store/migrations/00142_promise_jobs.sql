-- +goose Up
-- jobs of the kind promise end when an answer that is about to be late is: until then their deals stand above Now
CREATE INDEX jobs_promise ON jobs (ws, due_at) WHERE kind = 'promise';
