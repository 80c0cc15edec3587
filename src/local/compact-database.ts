import { argv } from 'node:process';

/** `node compact-database.js <file>`: leaves no page in a SQLite file that nobody uses. Fails where there is no `node:sqlite`. */
interface Sqlite {
  readonly DatabaseSync: new (file: string) => { exec(statements: string): void; close(): void };
}

const name = 'node:sqlite';
const { DatabaseSync } = (await import(name)) as Sqlite;
const database = new DatabaseSync(argv[2] ?? '');
database.exec('PRAGMA busy_timeout = 20000');
database.exec('VACUUM');
database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
database.close();
