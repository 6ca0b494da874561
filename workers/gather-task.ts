/** What runs in each process of `gather`: copies logs without secrets, and packs the bundle. */
import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { create } from 'tar';
import type { CopyTask, PackTask } from '../src/gather/workers.ts';
import { redact, redactorOf, type Redactor } from '../src/protocol/redact.ts';

/** Copies these parts of a file, line by line, and says what was left out between them. */
export async function copy({ source, target, ranges, secrets }: CopyTask): Promise<void> {
  const text = redactorOf(secrets);
  const clean = source.endsWith('.ndjson') ? cleanJson(text) : text;
  const out = createWriteStream(target, { mode: 0o600 });
  let at = 0;
  for (const { from, to } of ranges) {
    if (from > at) out.write(`[greenroom] ${from - at} bytes are left out here\n`);
    const input = createReadStream(source, { start: from, end: to - 1 });
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (!out.write(`${clean(line)}\n`)) await once(out, 'drain');
    }
    at = to;
  }
  out.end();
  await once(out, 'finish');
}

/** A line of JSON stays one. */
function cleanJson(text: Redactor): Redactor {
  return (line) => {
    try {
      return JSON.stringify(redact(JSON.parse(line), text));
    } catch {
      return text(line);
    }
  };
}

/** Packs a directory; the archive is this user's alone, as the directory is. */
export async function pack({ dir, archive }: PackTask): Promise<number> {
  await create({ gzip: true, file: archive, cwd: dirname(dir), mode: 0o600 }, [basename(dir)]);
  return statSync(archive).size;
}
