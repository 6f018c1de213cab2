-- Version 4: what a server tells and lends to others: hooks, links that open one document once, calendars to subscribe.

CREATE TABLE hook (                        -- the addresses that the operator of the server has given
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  user TEXT,                               -- who its receiver is here: what that user does is not told to it
  active INTEGER NOT NULL                  -- 0: given to an earlier server, and not to the one that serves now
) STRICT;

CREATE TABLE delivery (                    -- what hooks are to be told, and were told: an outbox
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hook_id INTEGER NOT NULL REFERENCES hook,
  event TEXT NOT NULL,                     -- 'document.done', 'document.confirmed'
  document_id INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  at TEXT NOT NULL,                        -- when it happened: ISO 8601, UTC
  attempts INTEGER NOT NULL DEFAULT 0,
  due REAL NOT NULL,                       -- when to try next: seconds since 1970
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given up')),
  answer TEXT                              -- of the last attempt: a status, or what went wrong
) STRICT;
CREATE INDEX delivery_due ON delivery (due) WHERE state = 'waiting';

-- In the transaction in which it happens, whichever process it happens in. Some moments pass until a hook is told, so
-- that what its own receiver did, as it says in the request, can be taken out again.
CREATE TRIGGER document_done AFTER UPDATE OF state ON document
  WHEN new.state = 'done' AND old.state = 'running' AND EXISTS (SELECT 1 FROM hook WHERE active)
BEGIN
  INSERT INTO delivery (hook_id, event, document_id, "key", at, due)
    SELECT hook.id, 'document.done', new.id, place."key", strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now'),
      (julianday('now') - 2440587.5) * 86400.0 + 2
    FROM hook, (SELECT min("key") AS "key" FROM location WHERE document_id = new.id) AS place
    WHERE active AND place."key" IS NOT NULL;
END;

CREATE TRIGGER document_confirmed AFTER INSERT ON change
  WHEN new.kind = 'close' AND EXISTS (SELECT 1 FROM hook WHERE active)
BEGIN
  INSERT INTO delivery (hook_id, event, document_id, "key", at, due)
    SELECT hook.id, 'document.confirmed', new.document_id, place."key", new.at,
      (julianday('now') - 2440587.5) * 86400.0 + 2
    FROM hook, (SELECT min("key") AS "key" FROM location WHERE document_id = new.document_id) AS place
    WHERE active AND place."key" IS NOT NULL AND hook.user IS NOT new.who;
END;

CREATE TABLE link (                        -- opens one document at one field, once
  hash TEXT PRIMARY KEY,                   -- SHA-256 of the secret in its address
  document_id INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  pointer TEXT,
  made_by TEXT NOT NULL,
  person TEXT,                             -- of the other system, who was to open it
  expires REAL NOT NULL,                   -- seconds since 1970
  used_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar (                    -- the addresses under which programs subscribe to the duties
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL UNIQUE,               -- SHA-256 of the secret in its address
  user TEXT NOT NULL,
  assignee TEXT,                           -- only duties of whoever has this in their name
  made_at TEXT NOT NULL
) STRICT;
CREATE INDEX calendar_user ON calendar (user);
