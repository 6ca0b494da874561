/** Removes databases from a server that others use, too: an owner's own, and those of owners that are dead. */
import { pause } from '../../platform/deadline.ts';
import { describeError } from '../../protocol/failure.ts';
import type { Ask } from '../probes/sql.ts';
import { identifier, literal } from './names.ts';
import { lockIdOf, ownerOf } from './owner.ts';

/** Milliseconds that the sessions of a dead owner have to end. */
const END_MS = 5_000;
const LOOK_EVERY_MS = 10;

/**
 * Removes what dead owners left. An owner is dead when its lock can be had: whoever lives holds it. What has no name
 * of ours is not looked at.
 * @param note is told what could not be removed; such as what another role made
 */
export async function sweep(ask: Ask, note: (text: string) => void): Promise<void> {
  // Of who died while its first database was made there is only the session that still makes it.
  const names = await column(
    ask,
    `select datname::text from pg_database where starts_with(datname::text, 'gr_') union
      select application_name || '_building' from pg_stat_activity where starts_with(application_name, 'gr_')`,
  );
  for (const owner of new Set(names.flatMap((name) => ownerOf(name) ?? []))) {
    const [got] = await column(ask, `select pg_try_advisory_lock(${lockIdOf(owner)})::text`);
    if (got !== 'true') continue;
    await removeDatabases(ask, owner).catch((error: unknown) =>
      note(`what ${owner} left on the server is still there: ${describeError(error)}`),
    );
    await ask(`select pg_advisory_unlock(${lockIdOf(owner)})`);
  }
}

/**
 * Removes all databases of an owner that makes none any more, templates too.
 * @throws Error that lists those that could not be removed
 */
export async function removeDatabases(ask: Ask, owner: string): Promise<void> {
  await endSessions(ask, owner);
  const [result] = await ask(
    `select datname::text, datistemplate, datconnlimit = -2 from pg_database where starts_with(datname::text, ${literal(owner)})`,
  );
  const problems: string[] = [];
  for (const [name, sealed, broken] of (result?.rows ?? []) as unknown as [string, boolean, boolean][]) {
    // Whatever else begins like that is somebody's copy.
    if (ownerOf(name) !== owner) continue;
    try {
      await dropDatabase(ask, name, sealed && !broken, broken);
    } catch (error) {
      problems.push(`${name}: ${describeError(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
}

/** One whose removal was cut short is `broken`: it can be dropped again, and nothing else. */
async function dropDatabase(ask: Ask, name: string, sealed: boolean, broken: boolean): Promise<void> {
  if (sealed) await ask(`alter database ${identifier(name)} is_template false`);
  await ask(`drop database if exists ${identifier(name)}${broken ? '' : ' with (force)'}`);
}

/** A server goes on with what a dead client asked for: a database could appear when all have been removed. */
async function endSessions(ask: Ask, owner: string): Promise<void> {
  const end = `select pg_terminate_backend(pid)::text from pg_stat_activity
    where application_name = ${literal(owner)} and pid <> pg_backend_pid()`;
  const deadline = Date.now() + END_MS;
  while ((await column(ask, end)).length > 0) {
    if (Date.now() > deadline) throw new Error(`sessions of ${owner} do not end`);
    await pause(LOOK_EVERY_MS);
  }
}

async function column(ask: Ask, text: string): Promise<readonly string[]> {
  const [result] = await ask(text);
  return (result?.rows ?? []).map(([value]) => String(value));
}
