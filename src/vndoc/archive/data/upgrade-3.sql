-- Version 3: what a person says of a document, and who said it when; documents that are parts of one file.

CREATE TABLE document_3 (
  id INTEGER PRIMARY KEY,
  sha256 TEXT UNIQUE,                      -- NULL: the bytes could not be read, or a part of a bundle
  bundle_id INTEGER REFERENCES document,   -- of a part: the document that stands for the whole file
  first_page INTEGER,                      -- of a part: its pages, both included, as the file counts them
  last_page INTEGER,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  category TEXT,                           -- of a failure: see causes.json
  message TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,     -- finished ones; an attempt that was cut off counts for nothing
  seconds REAL,                            -- of the last attempt
  memory_mb INTEGER,                       -- peak of the worker's process until its end
  page_amount INTEGER,
  fingerprint TEXT REFERENCES pipeline,    -- of the last attempt
  revision INTEGER NOT NULL DEFAULT 0,     -- goes up with every reading and every change by a person
  queued_at TEXT NOT NULL,
  finished_at TEXT,
  CHECK ((state = 'failed') = (category IS NOT NULL)),
  CHECK (sha256 IS NOT NULL OR bundle_id IS NOT NULL OR state = 'failed'),
  CHECK ((bundle_id IS NULL) = (first_page IS NULL) AND (bundle_id IS NULL) = (last_page IS NULL))
) STRICT;
INSERT INTO document_3 (id, sha256, state, category, message, attempts, seconds, memory_mb, page_amount, fingerprint,
    queued_at, finished_at)
  SELECT id, sha256, state, category, message, attempts, seconds, memory_mb, page_amount, fingerprint, queued_at,
    finished_at FROM document;
DROP TABLE document;
ALTER TABLE document_3 RENAME TO document;
CREATE INDEX document_state ON document (state);
CREATE UNIQUE INDEX document_bundle ON document (bundle_id, first_page) WHERE bundle_id IS NOT NULL;

CREATE VIEW location AS                    -- where each document lies, a part where its file does; how it is addressed
  SELECT document.id AS document_id, path, kind, container,
    CASE WHEN bundle_id IS NULL THEN document.sha256
      ELSE (SELECT sha256 FROM document AS whole WHERE whole.id = document.bundle_id) || '.' || first_page END AS key
  FROM document JOIN file ON file.document_id = coalesce(document.bundle_id, document.id);

CREATE TABLE reading (                     -- what a dispatch was parsed from
  document_id INTEGER PRIMARY KEY REFERENCES document,
  pages BLOB,                              -- vndoc.reading.Reading; NULL: an older vndoc has read it
  json TEXT,                               -- then: the dispatch as it was read, where a person has changed it
  CHECK ((pages IS NULL) != (json IS NULL))
) STRICT;

CREATE TABLE change (                      -- the audit: one row for each transaction of a person
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id INTEGER NOT NULL REFERENCES document,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('confirm', 'undo', 'close', 'reopen', 'recut')),
  revision INTEGER NOT NULL,               -- of the document, after it
  facts TEXT NOT NULL,                     -- JSON: [{key, before, after}], facts or null
  "values" TEXT NOT NULL,                  -- JSON: [{pointer, before, after}], as the dispatch has them
  undoes INTEGER REFERENCES change
) STRICT;
CREATE INDEX change_document ON change (document_id);
CREATE INDEX change_at ON change (at);
CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;

CREATE TABLE fact (                        -- what holds of what people have said
  id INTEGER PRIMARY KEY,                  -- in the order in which they are applied
  document_id INTEGER NOT NULL REFERENCES document,
  key TEXT NOT NULL,
  json TEXT NOT NULL,                      -- vndoc.facts.Fact
  change_id INTEGER NOT NULL REFERENCES change,
  UNIQUE (document_id, key)
) STRICT;

CREATE TABLE review (                      -- what waits for a person
  document_id INTEGER PRIMARY KEY REFERENCES document,
  doubts INTEGER NOT NULL,                 -- fields to look at
  due_date TEXT,
  closed_at TEXT,
  closed_by TEXT,
  CHECK ((closed_at IS NULL) = (closed_by IS NULL))
) STRICT;
CREATE INDEX review_due ON review (due_date, doubts DESC) WHERE closed_at IS NULL;
CREATE INDEX review_doubts ON review (doubts DESC, document_id) WHERE closed_at IS NULL;
CREATE INDEX review_closed ON review (closed_at) WHERE closed_at IS NOT NULL;
INSERT INTO review (document_id, doubts, due_date)
  SELECT document_id, (SELECT count(*) FROM doubt WHERE doubt.document_id = dispatch.document_id), due_date
  FROM dispatch;

CREATE TABLE name (                        -- values that were sure once, to be offered where one is typed
  pointer TEXT NOT NULL,
  value TEXT NOT NULL,
  folded TEXT NOT NULL,                    -- lower case, without diacritics
  human INTEGER NOT NULL,                  -- 1: a person has confirmed it
  PRIMARY KEY (pointer, value)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO name SELECT '/organ_name', organ_name, fold(organ_name), 0 FROM dispatch WHERE organ_name != '';
INSERT OR IGNORE INTO name SELECT '/code_notation', code_notation, fold(code_notation), 0 FROM dispatch
  WHERE code_notation != '';
INSERT OR IGNORE INTO name SELECT '/type_name', type_name, fold(type_name), 0 FROM dispatch WHERE type_name != '';

ALTER TABLE doubt ADD COLUMN confidence REAL;  -- NULL: withheld by an older vndoc
CREATE INDEX doubt_pointer ON doubt (pointer, document_id);
CREATE INDEX dispatch_filters ON dispatch (document_id, issued_date, arrival_date, arrival_number, due_date, urgency,
  type_name, organ_name, organ_folded, page_amount);  -- for filters, counts, the register: no JSON in between
