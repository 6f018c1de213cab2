-- The archive: one SQLite file. Documents are contents, known by their SHA-256; files are the places they were found at.

CREATE TABLE pipeline (
  fingerprint TEXT PRIMARY KEY,
  described TEXT NOT NULL,                 -- JSON: version, programs, models, options
  first_used TEXT NOT NULL
) STRICT;

CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  sha256 TEXT UNIQUE,                      -- NULL: the bytes could not be read
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
  category TEXT,                           -- of a failure: see causes.json
  message TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,     -- finished ones; an attempt that was cut off counts for nothing
  seconds REAL,                            -- of the last attempt
  memory_mb INTEGER,                       -- peak of the worker's process until its end
  page_amount INTEGER,
  fingerprint TEXT REFERENCES pipeline,    -- of the last attempt
  queued_at TEXT NOT NULL,
  finished_at TEXT,
  CHECK ((state = 'failed') = (category IS NOT NULL)),
  CHECK (sha256 IS NOT NULL OR state = 'failed')
) STRICT;
CREATE INDEX document_state ON document (state);

CREATE TABLE file (
  path ANY PRIMARY KEY,                    -- BLOB where the name is no UTF-8
  kind TEXT NOT NULL CHECK (kind IN ('file', 'member', 'folder', 'zip')),
  container ANY,                           -- of a member: the path of its ZIP file
  size INTEGER NOT NULL,
  stamp INTEGER NOT NULL,                  -- time of the last change in nanoseconds, or what a store has in its place
  document_id INTEGER REFERENCES document  -- NULL for a ZIP file that could be opened
) STRICT, WITHOUT ROWID;
CREATE INDEX file_document ON file (document_id);
CREATE INDEX file_container ON file (container) WHERE container IS NOT NULL;

CREATE TABLE dispatch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,    -- never given twice, so that words of an earlier result find nothing
  document_id INTEGER NOT NULL UNIQUE REFERENCES document,
  fingerprint TEXT NOT NULL REFERENCES pipeline,
  code TEXT,                               -- number and notation, normalised, as references are keyed
  type_name TEXT,
  code_number TEXT,
  code_notation TEXT,
  organ_name TEXT,
  issued_date TEXT,
  subject TEXT,
  urgency TEXT,
  secrecy TEXT,
  arrival_number TEXT,
  arrival_date TEXT,
  due_date TEXT,
  page_amount INTEGER NOT NULL,
  organ_folded TEXT,                       -- lower case, without diacritics, for filters
  json TEXT NOT NULL                       -- the whole vndoc.Dispatch; last, as SQLite reads past it for what follows
) STRICT;
CREATE INDEX dispatch_code ON dispatch (code);
CREATE INDEX dispatch_issued ON dispatch (issued_date);

CREATE TABLE citation (
  document_id INTEGER NOT NULL REFERENCES document,
  code TEXT NOT NULL,
  notation TEXT NOT NULL,
  type_name TEXT,
  issued_date TEXT,
  organ_name TEXT,
  relations TEXT NOT NULL                  -- JSON: what the citing document does with it
) STRICT;
CREATE INDEX citation_code ON citation (code);
CREATE INDEX citation_document ON citation (document_id);

CREATE TABLE task (
  document_id INTEGER NOT NULL REFERENCES document,
  position INTEGER NOT NULL,
  section TEXT,
  assignee TEXT,
  coordinators TEXT NOT NULL,              -- JSON
  text TEXT NOT NULL,
  due_date TEXT,
  due_time TEXT,
  recurrence TEXT,
  recurrence_rules TEXT NOT NULL,          -- JSON: RRULEs of RFC 5545
  report_to TEXT,
  via TEXT,
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_due ON task (due_date);

CREATE TABLE doubt (                       -- fields that were withheld
  document_id INTEGER NOT NULL REFERENCES document,
  pointer TEXT NOT NULL,
  PRIMARY KEY (document_id, pointer)
) STRICT, WITHOUT ROWID;

-- Folded text; the words themselves stand in dispatch.json. rowid is dispatch.id.
CREATE VIRTUAL TABLE words USING fts5 (code, subject, people, text, content='', tokenize='unicode61');
